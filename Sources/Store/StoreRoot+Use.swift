import Linux
import SystemPackage

extension StoreRoot {
    /// How old a note may be before a use is noted again, so that a busy store is not written to all the time.
    private static let grain: Int64 = 3600

    /// Notes that something was used: when room is made, what was not used for longest goes first. The note is the
    /// time of change of `name`; nothing happens if there is no such thing, or if the disk is read-only.
    func noteUse(of name: FilePath, now: Int64) throws(StoreError) {
        try attempt("noting the use of `\(host(name))`") { () throws(SyscallError) in
            guard let status = try folder.status(of: name), status.modified.seconds < now - Self.grain else { return }
            do throws(SyscallError) {
                try folder.setModified(of: name, FileStatus.Time(seconds: now))
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .readOnlyFileSystem {
                return
            }
        }
    }
}
