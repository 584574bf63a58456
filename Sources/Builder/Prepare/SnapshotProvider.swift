package import OCI
package import Store
package import SystemPackage

/// Unpacks layers when something is about to read them, and only those that are not unpacked yet.
package struct SnapshotProvider: Sendable {
    private let store: Store
    private let threads: Int

    package init(store: Store, threads: Int) {
        self.store = store
        self.threads = threads
    }

    /// The folders of a list of layers, the lowest first, each as overlayfs wants it.
    package func folders(for layers: [DiffID]) throws(ImageError) -> [FilePath] { [] }
}
