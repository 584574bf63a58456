import CLinux
import Glibc

/// A part of a file on its way to the disk: memory that lies as `O_DIRECT` wants it.
struct DirectBlock: ~Copyable, Sendable {
    /// How much one holds, and by what its place in the file can be divided: a huge page, which the kernel has to look up
    /// once instead of 512 times. Smaller ones wait for the disk more often.
    static let size = 2 << 20
    /// A page, where pages are largest: nothing that the kernel asks for is more.
    static let alignment = 1 << 16

    /// The block's own, and it has one owner: a pointer is all that keeps the compiler from seeing that it can be sent.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Where it belongs in the file.
    private(set) var offset: Int64

    /// An empty one; `nil` if there is no memory for it, which is no reason to fail: there are other ways.
    init?(at offset: Int64) {
        guard let start = aligned_alloc(Self.size, Self.size) else { return nil }
        // A wish: where it is not granted the pages are small.
        madvise(start, Self.size, MADV_HUGEPAGE)
        memory = UnsafeMutableRawBufferPointer(start: start, count: Self.size)
        self.offset = offset
    }

    deinit { free(memory.baseAddress) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
    var isFull: Bool { count == Self.size }

    /// Begins anew, at another place.
    mutating func reset(at offset: Int64) {
        self.offset = offset
        count = 0
    }

    /// What is still free behind the bytes.
    var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[count...]) }

    /// Counts bytes in that were put into `room`.
    mutating func advance(by added: Int) { count += added }

    /// Takes the bytes of a file at an offset. False if it ends before there are `count` of them.
    mutating func fill(from file: borrowing File, at offset: Int64, count: Int) throws(SyscallError) -> Bool {
        while self.count < count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: memory[self.count..<count])
            let taken = try file.read(into: rest, at: offset + Int64(self.count))
            if taken == 0 { return false }
            self.count += taken
        }
        return true
    }
}

extension File {
    /// The same file for blocks that go past the page cache, at `offset` and at multiples of ``DirectBlock/alignment``
    /// behind it. `nil` where it cannot be written so: in memory, across a network, or by a kernel that does not say what
    /// it asks for.
    func direct(at offset: Int64) -> File? {
        let number = clinux_open_direct(self.number, Int(offset), UInt32(DirectBlock.alignment))
        return number >= 0 ? File(OwnedDescriptor(Int32(number))) : nil
    }
}
