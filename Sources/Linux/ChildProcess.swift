import CLinux
import Glibc
import SystemPackage

/// A running command: waited for, or killed and reaped when dropped.
///
/// It also dies when the thread that started it ends, so it is to be started from a thread that outlives it.
package struct ChildProcess: ~Copyable, Sendable {
    private let handle: OwnedDescriptor
    private var isReaped = false

    /// Starts a program of the host.
    ///
    /// An error names the system call of the child that did not work: `execve` if there is no such program.
    package init(_ plan: SpawnPlan, _ streams: consuming Streams) throws(SyscallError) {
        let memory = PlainMemory()
        var spawn = try memory.spawn(plan, streams)
        handle = try withExtendedLifetime(memory) { () throws(SyscallError) in try Self.start(&spawn) }
    }

    /// Starts a command as process 1 of namespaces of its own, with `root` as its root.
    ///
    /// When the command ends, the kernel ends whatever it left running, and the mounts go with it. An error names the
    /// system call of the child that did not work: `execve` if there is no such program in the root.
    package init(
        _ plan: SpawnPlan, in root: consuming Mount, _ isolation: Isolation, _ streams: consuming Streams
    ) throws(SyscallError) {
        let memory = PlainMemory()
        var spawn = try memory.spawn(plan, streams)
        if spawn.directory == nil { spawn.directory = UnsafePointer(memory.string("/".utf8)) }
        spawn.sandbox = try memory.sandbox(isolation, root)
        handle = try withExtendedLifetime((memory, isolation)) { () throws(SyscallError) in try Self.start(&spawn) }
    }

    private static func start(_ spawn: inout clinux_spawn) throws(SyscallError) -> OwnedDescriptor {
        let number = try checkShim("clone") { clinux_spawn(&spawn) }
        let handle = OwnedDescriptor(Int32(truncatingIfNeeded: number))
        guard let call = spawn.failed_call, let subject = spawn.failed_subject else { return handle }
        _ = try Self.wait(for: handle)
        let prefix = spawn.lacks_interpreter == 0 ? "" : "interpreter of "
        throw SyscallError(
            String(cString: call), prefix + String(cString: subject), Errno(rawValue: spawn.failed_errno))
    }

    /// Readable as soon as the process has ended.
    package var descriptor: Int32 { handle.number }

    /// Ends the process at once. Nothing happens if it has ended by itself.
    package func kill() throws(SyscallError) {
        try Self.kill(handle)
    }

    /// Waits for the end.
    package consuming func wait() throws(SyscallError) -> ExitStatus {
        isReaped = true
        return try Self.wait(for: handle).status
    }

    /// Waits for the end, and tells what the command and the children it waited for have used.
    package consuming func waitForUsage() throws(SyscallError) -> (status: ExitStatus, usage: ResourceUsage) {
        isReaped = true
        return try Self.wait(for: handle)
    }

    private static func kill(_ handle: borrowing OwnedDescriptor) throws(SyscallError) {
        let number = handle.number
        do throws(SyscallError) {
            try checkShim("pidfd_send_signal") { clinux_pidfd_send_signal(number, SIGKILL) }
        } catch  where error.errno == .noSuchProcess {
            return
        }
    }

    private static func wait(
        for handle: borrowing OwnedDescriptor
    ) throws(SyscallError) -> (status: ExitStatus, usage: ResourceUsage) {
        var code: Int32 = 0
        var usage = clinux_usage()
        let number = handle.number
        let isSignal = try checkShim("waitid") { clinux_pidfd_wait(number, &code, &usage) } == 1
        return (isSignal ? .signalled(code) : .exited(code), ResourceUsage(usage))
    }

    deinit {
        if !isReaped {
            try? Self.kill(handle)
            _ = try? Self.wait(for: handle)
        }
    }
}
