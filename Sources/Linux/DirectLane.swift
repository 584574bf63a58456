import CLinux

/// The way of a file's bytes past the page cache: a thread writes one block after the other.
///
///     bytes → block → ring → O_DIRECT → disk
///                  └→ page cache, while the ring is full
///
/// Where the disk is slower than who writes, it gets fewer and fewer blocks: each of them keeps others from the file for
/// as long as it is written. Dropping the lane waits for what is under way.
struct DirectLane: ~Copyable, Sendable {
    /// How many blocks are under way at most.
    private static let depth = 4

    private let full = BoundedQueue<DirectBlock>(capacity: Self.depth)
    private let empty = BoundedQueue<DirectBlock>(capacity: Self.depth)
    private let failure = SharedState<SyscallError?>(nil)
    private let thread: JoinedThread
    private var block: DirectBlock
    private var others = 0
    /// How many blocks the page cache gets before the disk is asked again, and the next time that it is behind.
    private var detour = 0
    private var nextDetour = 16

    /// Begins at `offset`, the border of a block. `nil` where the file cannot be written so: in memory, across a network,
    /// or by a kernel that does not say what it asks for; or if the file's position is another.
    init?(to file: borrowing File, at offset: Int64) {
        // Of its own, since the flag is the open file's, and others write to this one.
        let number = clinux_open_direct(file.number, Int(offset), UInt32(DirectBlock.alignment))
        guard number >= 0 else { return nil }
        let direct = File(OwnedDescriptor(Int32(number)))
        do throws(SyscallError) {
            thread = try JoinedThread { [full, empty, failure] in Self.work(direct, full, empty, failure) }
        } catch {
            return nil
        }
        block = DirectBlock(at: offset)
    }

    deinit {
        full.close()
        thread.join()
    }

    /// Lets `fill` add to the current block, and passes it on once it is full.
    mutating func advance(
        _ file: borrowing File, _ fill: (inout DirectBlock) throws(SyscallError) -> Int
    ) throws(SyscallError) -> Int {
        let taken = try fill(&block)
        if block.isFull { try pass(file) }
        return taken
    }

    private mutating func pass(_ file: borrowing File) throws(SyscallError) {
        if let failure = failure.wait(for: { .some($0) }) { throw failure }
        let next = block.offset + Int64(DirectBlock.size)
        if let spare = spareBlock() {
            full.put(exchange(spare))
        } else {
            try file.write(block.bytes, at: block.offset)
        }
        block.reset(at: next)
    }

    private mutating func exchange(_ spare: consuming DirectBlock) -> DirectBlock {
        swap(&block, &spare)
        return spare
    }

    /// `nil` if the disk is behind, or was a moment ago.
    private mutating func spareBlock() -> DirectBlock? {
        if detour > 0 {
            detour -= 1
            return nil
        }
        if let spare = empty.takeAtOnce() { return spare }
        if others < Self.depth {
            others += 1
            return DirectBlock(at: block.offset)
        }
        detour = nextDetour
        nextDetour *= 2
        return nil
    }

    /// Writes what is left, and waits until all blocks are in the file.
    consuming func finish(_ file: borrowing File) throws(SyscallError) {
        try file.write(block.bytes, at: block.offset)
        full.close()
        thread.join()
        if let failure = failure.wait(for: { .some($0) }) { throw failure }
    }

    private static func work(
        _ file: borrowing File, _ full: BoundedQueue<DirectBlock>, _ empty: BoundedQueue<DirectBlock>,
        _ failure: SharedState<SyscallError?>
    ) {
        while let block = full.take() {
            do throws(SyscallError) {
                try file.write(block.bytes, at: block.offset)
            } catch {
                failure.update { $0 = $0 ?? error }
            }
            empty.put(block)
        }
    }
}
