import Glibc
import Linux
import Synchronization
import SystemPackage

/// `--log-file`: written as things happen, so that it tells even how a build was killed.
final class LogFile: Sendable {
    private let path: FilePath
    private let file: File
    /// A log that cannot be written to any more is given up: the build is worth more.
    private let isBroken = Mutex(false)

    init(_ path: FilePath) throws(Failure) {
        self.path = path
        do throws(SyscallError) {
            file = try File(opening: path, O_WRONLY | O_CREAT | O_TRUNC)
        } catch {
            throw Failure(error, doing: "opening the log")
        }
    }

    func write(_ text: String) {
        isBroken.withLock { isBroken in
            guard !isBroken else { return }
            do throws(SyscallError) {
                try file.write(Array(text.utf8))
            } catch {
                isBroken = true
                Console.error.write("warning: the log `\(path)` ends early: \(error)\n")
            }
        }
    }
}
