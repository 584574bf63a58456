import CLinux
import Synchronization
package import SystemPackage

/// A thread in a mount namespace of its own, where mounts can be attached without anybody else seeing them.
///
/// Kernels before 6.8 only mount an overlay of many layers at some place, and those before 6.15 want its folders to lie
/// in a file system that is attached in the namespace of who mounts it. The kernel takes all of it apart when the process
/// ends.
final class MountThread: Sendable {
    /// Started when the first needs it.
    static let shared: Result<MountThread, SyscallError> = Result { () throws(SyscallError) in try MountThread() }

    private typealias Work = @Sendable () -> Void

    private let works = BoundedQueue<Work>(capacity: 1)
    /// Waited for when this goes.
    private let thread: Mutex<JoinedThread?>

    private init() throws(SyscallError) {
        let started = SharedState<Result<Void, SyscallError>?>(nil)
        let body: Work = { [works] in
            let outcome = Result { () throws(SyscallError) in
                _ = try checkShim("unshare", "mounts") { clinux_private_mounts() }
            }
            started.update { $0 = outcome }
            guard case .success = outcome else { return }
            while let work = works.take() { work() }
        }
        thread = Mutex(try JoinedThread(body))
        try started.wait { $0 }.get()
    }

    deinit { works.close() }

    /// Runs `body` there and waits for it.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(SyscallError) -> Value
    ) throws(SyscallError) -> Value {
        let outcome = SharedState<Result<Value, SyscallError>?>(nil)
        works.put { outcome.update { $0 = Result(catching: body) } }
        return try outcome.wait { $0 }.get()
    }
}

extension Mount {
    /// Attaches the mount where nobody sees it, over a folder of the host; it stays there until the process ends.
    ///
    /// Before Linux 6.15 an overlay takes no folder of a mount that is attached nowhere.
    package func settle(over folder: FilePath) throws(SyscallError) {
        let number = number
        try MountThread.shared.get().run { () throws(SyscallError) in
            _ = try checkShim("move_mount", folder.string) {
                folder.withPlatformString { clinux_attach_mount(number, $0) }
            }
        }
    }
}
