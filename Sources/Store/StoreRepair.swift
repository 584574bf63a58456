import Linux
import OCI
import SystemPackage

/// Mends a store that nobody else is in, by dropping what is bad.
package struct StoreRepair: Sendable {
    private let store: Store

    package init(_ store: Store) { self.store = store }

    /// Returns what could not be mended: what its owner alone can judge.
    package func mend(_ faults: [StoreFault]) throws(StoreError) -> [StoreFault] {
        var left: [StoreFault] = []
        for fault in faults {
            switch fault.subject {
            case .file, .folder, .incomparable: try store.root.discard(fault.path)
            case .name(let name): _ = try store.names.remove(name)
            case .table:
                try FileTableFile(root: store.root, folder: fault.path.removingLastComponent()).dropDamagedRecords()
            case .names:
                if try !store.names.mend() { left.append(fault) }
            case .cacheMount(let mount): try store.root.discard(mount)
            case .mended: break
            case .layout: try store.root.replace(StoreLayout.layoutFile, with: StoreLayout.layoutText, synced: true)
            case .container: left.append(fault)
            }
        }
        return left
    }
}
