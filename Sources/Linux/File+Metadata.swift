import Glibc

extension File {
    /// Sets the owner. The kernel may clear set-ID bits.
    package func setOwner(_ owner: UInt32, group: UInt32) throws(SyscallError) {
        try check("fchown") { fchown(number, owner, group) }
    }

    /// Sets the times of access and change.
    package func setModified(_ time: FileStatus.Time) throws(SyscallError) {
        let value = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
        try check("futimens") { futimens(number, [value, value]) }
    }
}
