import Linux
import SystemPackage

/// Makes room in a store that nobody else is in (`Store.openAlone`, `Store.openIfUnused`).
package struct GarbageCollector: Sendable {
    private let store: Store

    package init(_ store: Store) { self.store = store }

    /// What a policy would remove.
    package func plan(_ policy: RetentionPolicy) throws(StoreError) -> CollectionPlan {
        CollectionPlan(try store.inventory(), policy)
    }

    /// Removes what a plan says. If it is cut off, what is left is a store in order, and the next one goes on.
    package func carryOut(_ plan: CollectionPlan) throws(StoreError) {
        for item in plan.removals { try store.root.discard(item.path) }
        try dropEmptyMounts()
    }

    /// An id whose folders are gone is gone too.
    private func dropEmptyMounts() throws(StoreError) {
        let root = store.root
        try attempt("clearing `\(root.host(StoreLayout.mounts))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                let folder = try root.folder.openFolder(StoreLayout.mounts)
                for entry in try folder.entries() where try folder.openFolder(entry.path).entries().isEmpty {
                    try folder.removeFolder(entry.path)
                }
            } catch  where error.errno == .noSuchFileOrDirectory {
                return
            }
        }
    }
}

extension StoreRoot {
    /// Removes an entry of the store, a folder out of sight first, so that nobody ever finds half of it. Nothing happens
    /// if it is not there.
    func discard(_ name: FilePath) throws(StoreError) {
        let status = try attempt("removing `\(host(name))`") { () throws(SyscallError) in
            try folder.status(of: name)
        }
        guard let status else { return }
        guard status.kind == .folder else {
            return try attempt("removing `\(host(name))`") { () throws(SyscallError) in try folder.removeTree(name) }
        }
        let away = try scratchName()
        try attempt("removing `\(host(name))`") { () throws(SyscallError) in
            try folder.rename(name, to: away, in: folder)
            try folder.removeTree(away)
        }
    }
}
