import Glibc

/// A part of a file as memory, which is the page cache's own: the kernel takes it from there to the disk, and no processor
/// has to look at it.
///
/// Nobody here may look at it either. If the file became shorter, that would be the end of the program, where the kernel
/// only says `EFAULT`.
struct MappedBytes: ~Copyable {
    let bytes: UnsafeRawBufferPointer
    private let mapping: UnsafeRawBufferPointer

    /// `nil` if the file has no such memory: on some file systems, or because it ends before, where the rest of the last
    /// page would pass for its bytes.
    init?(of file: borrowing File, at offset: Int64, count: Int) {
        guard Self.has(file, offset + Int64(count)) else { return nil }
        // Memory begins with a page.
        let lead = Int(offset) & (Int(getpagesize()) - 1)
        guard let start = mmap(nil, lead + count, PROT_READ, MAP_SHARED, file.number, off_t(Int(offset) - lead)),
            start != MAP_FAILED
        else { return nil }
        // Wishes, both: what is not in the cache is read now, not page by page on the way, and into memory that lies
        // together, as the disk likes it.
        madvise(start, lead + count, MADV_HUGEPAGE)
        madvise(start, lead + count, MADV_POPULATE_READ)
        mapping = UnsafeRawBufferPointer(start: start, count: lead + count)
        bytes = UnsafeRawBufferPointer(rebasing: mapping[lead...])
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

    /// True if the file still reaches as far: else what was taken from the memory may be no bytes of it.
    static func has(_ file: borrowing File, _ end: Int64) -> Bool {
        guard let status = try? file.status() else { return false }
        return status.kind == .regular && status.size >= end
    }
}
