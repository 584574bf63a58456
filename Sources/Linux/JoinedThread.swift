import Glibc
import SystemPackage

/// A thread for work that blocks or computes. Dropping it waits until its work is done.
package final class JoinedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    package init(_ run: @escaping @Sendable () -> Void) throws(SyscallError) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let result = pthread_create(
            &thread, nil,
            { body in
                guard let body else { return nil }
                Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            throw SyscallError("pthread_create", "", Errno(rawValue: result))
        }
        self.thread = thread
    }

    deinit { pthread_join(thread, nil) }
}
