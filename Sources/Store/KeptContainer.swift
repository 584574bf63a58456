import Linux
package import OCI
package import SystemPackage

/// A container that outlives its command, claimed for as long as this lives.
package struct KeptContainer: ~Copyable, Sendable {
    package let name: String
    package let record: ContainerRecord
    private let folder: FilePath
    private let root: StoreRoot
    private let lock: FileLock

    init(name: String, record: ContainerRecord, folder: FilePath, root: StoreRoot, lock: consuming FileLock) {
        self.name = name
        self.record = record
        self.folder = folder
        self.root = root
        self.lock = lock
    }

    /// What its command has changed.
    package var upper: FilePath { root.host(folder.appending("fs")) }

    /// Notes what everything in `upper` makes together, now that nobody changes it any more.
    package func seal(_ contents: Digest) throws(StoreError) {
        try root.replace(
            folder.appending(ContainerStore.contentsFile),
            with: SealedJSON.seal(JSONObject([("contents", .string(contents.description))])))
    }

    /// An empty folder that overlayfs wants beside `upper`.
    package var work: FilePath { root.host(folder.appending("work")) }
}
