/// A part of a file on its way to the disk: memory that lies as `O_DIRECT` wants it.
struct DirectBlock: ~Copyable, Sendable {
    /// How much one holds, and by what its place in the file can be divided. Smaller ones wait for the disk more often;
    /// of larger ones no disk gets faster.
    static let size = 1 << 20
    /// A page, where pages are largest: nothing that the kernel asks for is more.
    static let alignment = 1 << 16

    /// The block's own, and it has one owner: a pointer is all that keeps the compiler from seeing that it can be sent.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Where it belongs in the file.
    private(set) var offset: Int64

    /// An empty one.
    init(at offset: Int64) {
        memory = .allocate(byteCount: Self.size, alignment: Self.alignment)
        self.offset = offset
    }

    deinit { memory.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
    var isFull: Bool { count == Self.size }

    /// Begins anew, at another place.
    mutating func reset(at offset: Int64) {
        self.offset = offset
        count = 0
    }

    /// Takes as many of the bytes as there is room for, and returns how many.
    mutating func fill(from bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, Self.size - count)
        UnsafeMutableRawBufferPointer(rebasing: memory[count...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        count += taken
        return taken
    }

    /// Takes the next bytes of a file, `limit` at most, and returns how many: 0 at its end.
    mutating func fill(from file: borrowing File, limit: Int64) throws(SyscallError) -> Int {
        let wanted = Int(min(limit, Int64(Self.size - count)))
        let taken = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + wanted]))
        count += taken
        return taken
    }
}
