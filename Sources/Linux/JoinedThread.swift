import Glibc
import Synchronization
import SystemPackage

/// A thread for work that blocks or computes. Dropping it waits until its work is done.
///
/// The compiler may drop an object as soon as nobody uses it any more. Where the work only ends after something else
/// has been done, ``join()`` says when to wait.
package final class JoinedThread: Sendable {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t
    private let isJoined = Atomic(false)

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

    /// Waits until its work is done. One thread at a time may do so.
    package func join() {
        if !isJoined.exchange(true, ordering: .acquiringAndReleasing) { pthread_join(thread, nil) }
    }

    deinit { join() }
}
