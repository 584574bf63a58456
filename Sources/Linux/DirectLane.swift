import CLinux

/// The way of a file's bytes past the page cache: a thread writes one block after the other.
///
///     bytes → block → ring → O_DIRECT → disk, and once more where the twin has it
///                  └→ page cache, both, while the disk is behind and nobody will wait for it
///
/// Who will wait for the disk in the end waits for a block too. Who will not goes round a disk that is slower, and gives it
/// fewer and fewer blocks: each of them keeps others from the file for as long as it is written. Dropping the lane waits
/// for what is under way.
struct DirectLane: ~Copyable, Sendable {
    /// How many blocks are under way at most.
    private static let depth = 3
    /// How long the disk is waited for, besides a share of the time, by who will not wait for it in the end.
    private static let patience = Duration.milliseconds(25)

    private let full = BoundedQueue<DirectBlock>(capacity: Self.depth)
    private let empty = BoundedQueue<DirectBlock>(capacity: Self.depth)
    private let failure = SharedState<SyscallError?>(nil)
    private let thread: JoinedThread
    private let persistence: Persistence
    private let twin: FileTwin?
    private var block: DirectBlock
    private var others = 0
    /// What takes the place of the current block, if somebody has asked for it already.
    private var next: DirectBlock?
    /// How many blocks the page cache gets before the disk is asked again, and the next time that it is behind.
    private var detour = 0
    private var nextDetour = 8
    private let begun = ContinuousClock.now
    private var waited = Duration.zero

    /// Begins at `offset`, the border of a block. `nil` where the file cannot be written so, or if its position is another.
    init?(to file: borrowing File, at offset: Int64, for persistence: Persistence, copyingTo twin: FileTwin?) {
        guard let direct = file.direct(at: offset), (try? file.position()) == offset,
            let block = DirectBlock(at: offset)
        else { return nil }
        do throws(SyscallError) {
            thread = try JoinedThread { [full, empty, failure] in Self.work(direct, twin, full, empty, failure) }
        } catch {
            return nil
        }
        self.persistence = persistence
        self.twin = twin
        self.block = block
        twin?.begin(at: offset)
    }

    deinit {
        full.close()
        thread.join()
    }

    /// Takes as many of the bytes as the current block has room for, and passes it on once it is full.
    mutating func write(_ bytes: UnsafeRawBufferPointer, besides file: borrowing File) throws(SyscallError) -> Int {
        let taken = min(bytes.count, room.count)
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        try advance(by: taken, besides: file)
        return taken
    }

    /// What is free of the current block: there is always something.
    var room: UnsafeMutableRawBufferPointer { block.room }

    /// Takes bytes that were put into `room`.
    mutating func advance(by count: Int, besides file: borrowing File) throws(SyscallError) {
        block.advance(by: count)
        if block.isFull { try pass(file) }
    }

    /// True if so many bytes that are put into `room` are passed on without waiting for the disk, or for the page cache.
    mutating func takesAtOnce(_ count: Int) -> Bool {
        guard count >= room.count else { return true }
        if next == nil, detour == 0 { next = blockAtHand() }
        return next != nil
    }

    private mutating func pass(_ file: borrowing File) throws(SyscallError) {
        if let failure = failure.wait(for: { .some($0) }) { throw failure }
        let next = block.offset + Int64(DirectBlock.size)
        if let spare = spareBlock() {
            full.put(exchange(spare))
        } else {
            try writeCached(file)
        }
        block.reset(at: next)
    }

    private func writeCached(_ file: borrowing File) throws(SyscallError) {
        try file.write(block.bytes, at: block.offset)
        twin?.write(block.bytes, at: block.offset)
    }

    private mutating func exchange(_ spare: consuming DirectBlock) -> DirectBlock {
        swap(&block, &spare)
        return spare
    }

    /// `nil` if the disk is behind, or was a moment ago, and nobody will wait for it; or if there is no memory.
    private mutating func spareBlock() -> DirectBlock? {
        if let next = next.take() { return next }
        if detour > 0 {
            detour -= 1
            return nil
        }
        if let spare = blockAtHand() { return spare }
        if others == 0 || persistence == .kernel && isBehind {
            detour = nextDetour
            nextDetour *= 2
            return nil
        }
        let before = ContinuousClock.now
        defer { waited += ContinuousClock.now - before }
        return empty.take()
    }

    private mutating func blockAtHand() -> DirectBlock? {
        if let spare = empty.takeAtOnce() { return spare }
        guard others < Self.depth, let another = DirectBlock(at: block.offset) else { return nil }
        others += 1
        return another
    }

    /// True if the disk had to be waited for too long.
    private var isBehind: Bool { waited > Self.patience + (ContinuousClock.now - begun) / 4 }

    /// Writes what is left, and waits until all blocks are in the file.
    consuming func finish(_ file: borrowing File) throws(SyscallError) {
        try writeCached(file)
        full.close()
        thread.join()
        if let failure = failure.wait(for: { .some($0) }) { throw failure }
    }

    private static func work(
        _ file: borrowing File, _ twin: FileTwin?, _ full: BoundedQueue<DirectBlock>,
        _ empty: BoundedQueue<DirectBlock>, _ failure: SharedState<SyscallError?>
    ) {
        while let block = full.take() {
            do throws(SyscallError) {
                try file.write(block.bytes, at: block.offset)
            } catch {
                failure.update { $0 = $0 ?? error }
            }
            twin?.writeBlock(block)
            empty.put(block)
        }
    }
}
