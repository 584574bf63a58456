/// Appends a file to another: past the page cache where it is large.
///
/// A page of the cache that is written costs as much as the copy itself, or several times that where the machine has to
/// find memory first, and the disk is still to be waited for.
package struct FileCopy {
    /// How much goes through the page cache before the disk is told to begin with it.
    private static let portion: Int64 = 16 << 20

    /// What is large. Past the cache the disk is waited for: where nobody else would, that is for files alone which would
    /// take much of the cache.
    private static func threshold(for persistence: Persistence) -> Int64 {
        switch persistence {
        case .disk: 4 << 20
        case .kernel: 64 << 20
        }
    }

    private let count: Int64
    private let position: Int64
    private let persistence: Persistence

    /// The first `count` bytes go to `position`, which has to be the target's; the source's is its beginning.
    /// `persistence` says whether somebody will wait for the disk to have them.
    package init(of count: Int64, to position: Int64, for persistence: Persistence) {
        self.count = count
        self.position = position
        self.persistence = persistence
    }

    /// Copies, leaves the position of both files behind the last byte, and tells `progress` how many there are so far.
    ///
    /// - Returns: how many bytes there were, which are fewer than asked for only at the end of `source`.
    package func run(
        from source: borrowing File, into target: borrowing File, progress: (Int64) -> Void
    ) throws(SyscallError) -> Int64 {
        var done: Int64 = 0
        if count >= Self.threshold(for: persistence) {
            let lead = -position & Int64(DirectBlock.alignment - 1)
            done = try append(until: lead, from: source, to: target, 0, progress)
            done += try pass(from: source, into: target, after: done, progress)
        }
        return try append(until: count, from: source, to: target, done, progress)
    }

    /// Copies the blocks behind `done` past the cache, as many as there are or are worth it, and returns how much that is.
    private func pass(
        from source: borrowing File, into target: borrowing File, after done: Int64, _ progress: (Int64) -> Void
    ) throws(SyscallError) -> Int64 {
        let size = Int64(DirectBlock.alignment)
        guard
            let passage = try DirectPassage(
                from: source, at: done, into: target, at: position + done, count: (count - done) / size * size,
                persistence)
        else { return 0 }
        // After a power cut nobody should find a file that is long and begins with nothing.
        target.startWriteback(at: 0, count: position + done, for: .disk)
        let copied = try passage.run { progress(done + $0) }
        try source.seek(to: done + copied)
        try target.seek(to: position + done + copied)
        return copied
    }

    private func append(
        until end: Int64, from source: borrowing File, to target: borrowing File, _ start: Int64,
        _ progress: (Int64) -> Void
    ) throws(SyscallError) -> Int64 {
        var done = start
        while done < end {
            let part = try target.append(from: source, count: min(end - done, Self.portion))
            if part == 0 { break }
            target.startWriteback(at: position + done, count: part, for: persistence)
            done += part
            progress(done)
        }
        return done
    }
}
