import Linux
import OCI

/// Writes a ``MountListing``, entry by entry.
struct MountListingWriter: ~Copyable {
    private static let portion = 1 << 16

    private var waiting: [UInt8] = []
    private var hasher = DigestHasher()

    mutating func write(_ entry: MountListing.Entry, to file: borrowing File) throws(SyscallError) {
        entry.append(to: &waiting)
        if waiting.count >= Self.portion { try flush(to: file) }
    }

    mutating func finish(_ file: borrowing File) throws(SyscallError) {
        try flush(to: file)
        try file.write(hasher.next().bytes)
    }

    private mutating func flush(to file: borrowing File) throws(SyscallError) {
        hasher.update(waiting)
        try file.write(waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
