import CLinux
import SystemPackage

/// A file on its way into another, past the page cache. Each thread has a portion, so that the disk has one to write while
/// others are looked up.
///
///     source's page cache ─────────→ O_DIRECT → disk
///                      └─→ block ─┘                  where the kernel takes nothing from memory that is not ours
final class DirectPassage: Sendable {
    /// How many threads there are besides who asks.
    private static let helpers = 2
    /// How much a thread has under way: the more it is, the less often the disk waits. No byte of it is copied in memory.
    private static let portion: Int64 = 16 << 20
    /// What the disk has to take in a second for the way to be worth it where nobody waits for it: about as much as the
    /// page cache takes where memory has to be found.
    private static let worth = Double(1 << 30)
    /// How much is written before the disk is judged.
    private static let sample: Int64 = 16 << 20

    private struct Tally {
        /// Where the next portion begins, behind the passage's start, and how much is in the target.
        var next: Int64 = 0
        var done: Int64 = 0
        /// What lies behind it does not come this way.
        var end: Int64
        var failure: SyscallError?
    }

    private let source: File
    private let sourceStart: Int64
    private let target: File
    private let start: Int64
    private let persistence: Persistence
    /// True if nobody can find the file before it gets a name.
    private let isUnseen: Bool
    private let tally: SharedState<Tally>
    private let begun = ContinuousClock.now

    /// From `sourceStart` to `start`, which is the border of a block, as are all `count` bytes. `nil` where the target
    /// cannot be written so, or if its position is another.
    init?(
        from source: borrowing File, at sourceStart: Int64, into target: borrowing File, at start: Int64, count: Int64,
        _ persistence: Persistence
    ) throws(SyscallError) {
        guard let direct = target.direct(at: start), try target.position() == start else { return nil }
        self.target = direct
        self.source = File(try source.handle.duplicate())
        self.sourceStart = sourceStart
        self.start = start
        self.persistence = persistence
        tally = SharedState(Tally(end: count))
        isUnseen = try target.status().linkCount == 0
        // A file that has its room already is written to by several at once. Where there is none, the writing says so.
        if isUnseen { _ = clinux_allocate(target.number, Int(start), Int(count)) }
    }

    /// Copies, and tells `progress` now and then how much.
    ///
    /// - Returns: how much it was, from the start on: not all where the source ends before, or the disk is too slow.
    func run(_ progress: (Int64) -> Void) throws(SyscallError) -> Int64 {
        var threads: [JoinedThread] = []
        // Whoever finds a file that was given up halfway should find its beginning, and nothing behind.
        for _ in 0..<(isUnseen ? Self.helpers : 0) {
            // Who is refused a thread does the work alone.
            guard let thread = try? JoinedThread({ [self] in work { _ in } }) else { break }
            threads.append(thread)
        }
        work(progress)
        for thread in threads { thread.join() }
        let (copied, failure) = tally.update { (min($0.next, $0.end), $0.failure) }
        if let failure { throw failure }
        progress(copied)
        return copied
    }

    private func work(_ progress: (Int64) -> Void) {
        var block: DirectBlock?
        while let (offset, size) = next() {
            do throws(SyscallError) {
                if try !moveMapped(from: offset, size) { try moveRead(through: &block, from: offset, size) }
            } catch {
                tally.update { ($0.end, $0.failure) = (0, $0.failure ?? error) }
            }
            progress(tally.update { $0.done })
        }
    }

    /// The next portion to be copied; `nil` if there is none.
    private func next() -> (offset: Int64, size: Int64)? {
        tally.update { tally in
            if persistence == .kernel, isTooSlow(tally.done) { tally.end = min(tally.end, tally.next) }
            let size = min(Self.portion, tally.end - tally.next)
            guard size > 0 else { return nil }
            defer { tally.next += size }
            return (tally.next, size)
        }
    }

    private func isTooSlow(_ done: Int64) -> Bool {
        done >= Self.sample && (ContinuousClock.now - begun) / .seconds(1) * Self.worth > Double(done)
    }

    /// False if the kernel does not take a portion from the source's own memory.
    private func moveMapped(from offset: Int64, _ size: Int64) throws(SyscallError) -> Bool {
        let place = sourceStart + offset
        guard let mapped = MappedBytes(of: source, at: place, count: Int(size)) else { return false }
        do throws(SyscallError) {
            try target.write(mapped.bytes, at: start + offset)
        } catch  where [.badAddress, .invalidArgument].contains(error.errno) {
            return false
        }
        guard MappedBytes.has(source, place + size) else { return false }
        tally.update { $0.done += size }
        return true
    }

    /// Copies a portion in blocks. Where there is no memory for one nothing comes this way any more.
    private func moveRead(
        through block: inout DirectBlock?, from offset: Int64, _ size: Int64
    ) throws(SyscallError) {
        if block == nil { block = DirectBlock(at: start + offset) }
        let end = offset + size
        for offset in stride(from: offset, to: end, by: DirectBlock.size) {
            let size = min(Int64(DirectBlock.size), end - offset)
            block?.reset(at: start + offset)
            guard try block?.fill(from: source, at: sourceStart + offset, count: Int(size)) == true else {
                return tally.update { $0.end = min($0.end, offset) }
            }
            if let bytes = block?.bytes { try target.write(bytes, at: start + offset) }
            tally.update { $0.done += size }
        }
    }
}
