/// Writes a file from front to back, past the page cache for as long as the disk keeps up, and a twin besides.
///
/// A page of the cache costs a copy of its bytes, and the first use of memory, which is dear in a virtual machine; and
/// who waits for the disk in the end waits for all that is still there. What comes first goes there all the same: a small
/// file is not worth a thread.
package struct DirectFile: ~Copyable, Sendable {
    /// How much of a file comes before it is taken for a large one, and the first block begins.
    private static let patience = 2 * Int64(DirectBlock.size)

    private let file: File
    private let twin: FileTwin?
    private let persistence: Persistence
    private var position: Int64 = 0
    private var lane: DirectLane?

    /// `persistence` says whether somebody will wait for the disk to have the file. `twin` gets the same bytes.
    ///
    /// Where the file's position is not its beginning, all goes there, and through the page cache.
    package init(_ file: consuming File, for persistence: Persistence, copyingTo twin: FileTwin? = nil) {
        self.file = file
        self.twin = twin
        self.persistence = persistence
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

    /// Memory on its way to the disk, never empty: what is put at its beginning need not be copied there. `nil` for as
    /// long as the bytes go through the page cache.
    package var room: UnsafeMutableRawBufferPointer? {
        mutating get { lane?.room }
    }

    /// True if ``advance(by:)`` will not wait.
    package mutating func takesAtOnce(_ count: Int) -> Bool { lane?.takesAtOnce(count) ?? false }

    /// Writes so many bytes that were put into `room`.
    package mutating func advance(by count: Int) throws(SyscallError) {
        precondition(lane != nil, "bytes are counted in that were put into some room")
        try lane?.advance(by: count, besides: file)
        position += Int64(count)
    }

    private mutating func writePart(_ bytes: UnsafeRawBufferPointer) throws(SyscallError) -> Int {
        if position == Self.patience, lane == nil { enterLane() }
        if let taken = try lane?.write(bytes, besides: file) { return taken }
        let count = position < Self.patience ? min(bytes.count, Int(Self.patience - position)) : bytes.count
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        try file.write(part)
        twin?.write(part, at: position)
        return count
    }

    private mutating func enterLane() {
        lane = DirectLane(to: file, at: Self.patience, for: persistence, copyingTo: twin)
        // After a power cut nobody should find a file that is long and begins with nothing.
        if lane != nil { file.startWriteback(at: 0, count: Self.patience, for: .disk) }
    }

    /// Waits until all bytes are in the file and its twin, which is not to say that a power cut would take none. Leaves
    /// the file's position behind them.
    package mutating func finish() throws(SyscallError) {
        if let lane = lane.take() {
            try lane.finish(file)
            try file.seek(to: position)
        }
        twin?.finish()
    }

    /// Tells the disk to begin with what lies in the page cache.
    package func startWriteback(at offset: Int64, count: Int64) {
        file.startWriteback(at: offset, count: count, for: persistence)
        twin?.settle(count, at: offset)
    }
}
