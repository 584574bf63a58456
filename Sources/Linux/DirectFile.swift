/// Writes a file from front to back, past the page cache for as long as the disk keeps up.
///
/// A page of the cache costs a copy of its bytes, and the first use of memory, which is dear in a virtual machine; and
/// who waits for the disk in the end waits for all that is still there. What comes first goes there all the same: a small
/// file is not worth a thread.
package struct DirectFile: ~Copyable, Sendable {
    private let file: File
    private let persistence: Persistence
    private var position: Int64
    /// Where the first block begins.
    private let start: Int64
    private var lane: DirectLane?

    /// Writes from the file's position on, which is `position`. `persistence` says whether somebody will wait for the disk
    /// to have the file.
    package init(_ file: consuming File, at position: Int64, for persistence: Persistence) {
        self.file = file
        self.position = position
        self.persistence = persistence
        let size = Int64(DirectBlock.size)
        start = (position + Self.patience(for: persistence) + size - 1) / size * size
    }

    /// How much of a file comes before it is taken for a large one. Where nobody waits for the disk only the cache's pages
    /// are saved, which takes a larger file to be worth it.
    private static func patience(for persistence: Persistence) -> Int64 {
        switch persistence {
        case .disk: 4 << 20
        case .kernel: 64 << 20
        }
    }

    /// Writes every byte.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SyscallError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = try writePart(rest)
            position += Int64(count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Appends the next `count` bytes of another file.
    ///
    /// - Returns: how many there were, which are fewer only at the end of `source`.
    package mutating func append(from source: borrowing File, count: Int64) throws(SyscallError) -> Int64 {
        var rest = count
        while rest > 0 {
            let part = try appendPart(of: source, rest)
            if part == 0 { break }
            position += part
            rest -= part
        }
        return count - rest
    }

    private mutating func writePart(_ bytes: UnsafeRawBufferPointer) throws(SyscallError) -> Int {
        enterLane()
        let taken = try lane?.advance(file) { block throws(SyscallError) in block.fill(from: bytes) }
        if let taken { return taken }
        let count = Int(upToStart(Int64(bytes.count)))
        try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        return count
    }

    private mutating func appendPart(of source: borrowing File, _ count: Int64) throws(SyscallError) -> Int64 {
        enterLane()
        let taken = try lane?.advance(file) { block throws(SyscallError) in
            try block.fill(from: source, limit: count)
        }
        return if let taken { Int64(taken) } else { try file.append(from: source, count: upToStart(count)) }
    }

    private mutating func enterLane() {
        guard position == start, lane == nil else { return }
        lane = DirectLane(to: file, at: start)
        // After a power cut nobody should find a file that is long and begins with nothing.
        if lane != nil { file.startWriteback(at: 0, count: start, for: .disk) }
    }

    private func upToStart(_ count: Int64) -> Int64 { position < start ? min(count, start - position) : count }

    /// Waits until all bytes are in the file, which is not to say that a power cut would take none. Leaves the file's
    /// position behind them.
    package mutating func finish() throws(SyscallError) {
        guard let lane = lane.take() else { return }
        try lane.finish(file)
        try file.seek(to: position)
    }

    /// Ends it, and takes away what is behind `offset`.
    package mutating func cut(to offset: Int64) throws(SyscallError) {
        lane = nil
        try file.truncate(to: offset)
    }

    package func room() throws(SyscallError) -> Int64 { try file.room() }

    /// Tells the disk to begin with what lies in the page cache.
    package func startWriteback(at offset: Int64, count: Int64) {
        file.startWriteback(at: offset, count: count, for: persistence)
    }
}
