import Linux
import OCI

/// What tells a blob that nobody wrote to since it came in from one that has to be read to be trusted.
///
/// The fraction of a second in the blob's time of change is a number that follows from its digest. Whoever writes to the
/// file moves its time, so the seal is gone. Whoever sets the time back, or copies a store with its times, cannot set
/// back the other time, which the kernel keeps for itself: the seal holds where both tell of one moment. Where a file
/// system has no such fractions no blob is sealed, and each is read whenever it is used.
enum BlobSeal {
    /// From 1, since 0 is what tools leave that know whole seconds only.
    static func nanoseconds(of digest: Digest) -> Int64 {
        1 + digest.bytes.prefix(7).reduce(0) { $0 << 8 | Int64($1) } % 999_999_999
    }

    /// Seconds that may lie between sealing a file and giving it its place. Where they did not suffice it is read once.
    private static let settling: ClosedRange<Int64> = 0...2

    static func holds(_ status: FileStatus, _ digest: Digest) -> Bool {
        status.modified.nanoseconds == nanoseconds(of: digest)
            && settling.contains(status.changed.seconds &- status.modified.seconds)
    }

    /// Seals a file that is known to hold the blob.
    static func set(on file: borrowing File, _ digest: Digest) throws(SyscallError) {
        let written = try file.status().modified.seconds
        try file.setModified(FileStatus.Time(seconds: written, nanoseconds: nanoseconds(of: digest)))
        // The kernel has noted when that was.
        let now = try file.status().changed.seconds
        guard now != written else { return }
        try file.setModified(FileStatus.Time(seconds: now, nanoseconds: nanoseconds(of: digest)))
    }
}
