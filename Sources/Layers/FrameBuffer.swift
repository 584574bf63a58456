/// Memory for one frame, before or behind its compression. Pages that are never touched cost nothing.
struct FrameBuffer: ~Copyable, Sendable {
    /// The buffer's own, and it has one owner: a pointer is all that keeps the compiler from seeing that it can be sent.
    private nonisolated(unsafe) var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { memory.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// What is still free behind the bytes.
    var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[count...]) }

    /// Counts bytes in that were put into `room`.
    mutating func advance(by added: Int) { count += added }

    mutating func removeAll() { count = 0 }

    /// Makes room for `capacity` bytes in all, keeping those that are there.
    mutating func reserve(_ capacity: Int) {
        guard capacity > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        larger.copyMemory(from: bytes)
        memory.deallocate()
        memory = larger
    }
}
