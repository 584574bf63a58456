import CLinux
import Glibc
import SystemPackage

extension ChildProcess {
    /// Passes a signal on, as if it had been sent to the command in the first place.
    ///
    /// The kernel keeps process 1 of a namespace from signals that it has no handler for. Anywhere else such a signal
    /// would have ended the command: so it is ended. Returns true then.
    @discardableResult
    package func forward(_ signal: Int32) throws(SyscallError) -> Bool {
        if Self.endsByDefault.contains(signal), let dispositions = try dispositions(), !dispositions.knows(signal) {
            try kill()
            return true
        }
        let number = descriptor
        do throws(SyscallError) {
            try checkShim("pidfd_send_signal") { clinux_pidfd_send_signal(number, signal) }
        } catch  where error.errno == .noSuchProcess {
            return false
        }
        return false
    }

    private static let endsByDefault: Set<Int32> = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]

    /// Which signals a process does something about.
    private struct Dispositions {
        /// Bit n - 1 for signal n: caught or ignored.
        let mask: UInt64

        func knows(_ signal: Int32) -> Bool { mask >> UInt64(signal - 1) & 1 == 1 }
    }

    /// What `/proc/<pid>/status` says; `nil` once the process has ended.
    private func dispositions() throws(SyscallError) -> Dispositions? {
        guard let process = try Self.number("Pid:", radix: 10, in: "/proc/self/fdinfo/\(descriptor)"),
            Int64(bitPattern: process) > 0
        else { return nil }
        let status = "/proc/\(process)/status"
        guard let caught = try Self.number("SigCgt:", radix: 16, in: status),
            let ignored = try Self.number("SigIgn:", radix: 16, in: status)
        else { return nil }
        return Dispositions(mask: caught | ignored)
    }

    private static func number(_ name: String, radix: Int, in path: String) throws(SyscallError) -> UInt64? {
        let text: String
        do throws(SyscallError) {
            text = String(decoding: try File(opening: FilePath(path)).readAll(limit: 1 << 16), as: UTF8.self)
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .noSuchProcess {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { UInt64($0, radix: radix) }
    }
}
