import Linux
import OCI
import Store
import Synchronization

/// Notes what the cache mounts hold that steps of a build have had, so that a bit that flips in one shows later: one
/// thread does it while the build packs and writes what it has made.
final class CacheMountListings: Sendable {
    private let executor: StepExecutor
    private let thread = Mutex<JoinedThread?>(nil)

    init(_ executor: StepExecutor) { self.executor = executor }

    /// Begins, once no step has a mount any more. Those that another build has are that build's to list.
    func begin() {
        let mounts = executor.mountedCaches.all
        guard !mounts.isEmpty else { return }
        var pending: [PendingListing] = []
        for mount in mounts {
            attempt {
                () throws(StoreError) in
                let listing = try executor.store.mounts.listing(of: mount.name, number: mount.number)
                if let listing { pending.append(listing) }
            }
        }
        let listings = pending
        let take: @Sendable () -> Void = { [self] in
            for listing in listings {
                // A signal is to end the build soon; a step that failed is no reason.
                attempt { () throws(StoreError) in try listing.take { Interruption.signal == nil } }
            }
        }
        thread.withLock { thread in
            thread = try? JoinedThread(take)
            // Where no thread can be had, it is done here.
            if thread == nil { take() }
        }
    }

    /// A cache mount that cannot be listed cannot be verified: no reason for a build to fail.
    private func attempt(_ body: () throws(StoreError) -> Void) {
        do throws(StoreError) { try body() } catch {
            executor.events(.note("`fsck` will not know what a cache mount should hold: \(error)"))
        }
    }

    /// Waits until all are listed.
    func finish() { thread.withLock { $0 = nil } }
}
