import Linux
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

    /// An empty folder that overlayfs wants beside `upper`.
    package var work: FilePath { root.host(folder.appending("work")) }

    /// Removes it with all it holds: out of sight first.
    package consuming func remove() throws(StoreError) {
        let away = try root.scratchName()
        let (root, folder) = (root, folder)
        try attempt("removing the container `\(name)`") { () throws(SyscallError) in
            try root.folder.rename(folder, to: away, in: root.folder)
            try root.folder.removeTree(away)
        }
    }
}
