import Glibc
import Linux
package import SystemPackage

/// A cache mount's folder, claimed for as long as this lives.
package final class MountFolder: Sendable {
    /// Which of the folders of its id it is.
    package let number: Int
    private let name: FilePath
    private let root: StoreRoot
    private let lock: FileLock

    init(name: FilePath, number: Int, root: StoreRoot, lock: consuming FileLock) {
        self.name = name
        self.number = number
        self.root = root
        self.lock = lock
    }

    private var names: MountNames { MountNames(name) }

    /// What is mounted.
    package var path: FilePath { root.host(names.files) }

    /// Empties it: whoever mounts it next begins anew. Only for who has it for himself alone.
    package func clear() throws(StoreError) {
        let lock = try root.lock(name.removingLastComponent())
        try retireListing()
        _ = consume lock
        let old = try root.scratchName()
        try attempt("clearing `\(path)`") { () throws(SyscallError) in
            guard try root.folder.status(of: names.files) != nil else { return }
            // Renamed first: what a cut-off removal leaves is no cache any more.
            try root.folder.rename(names.files, to: old, in: root.folder)
            try root.folder.removeTree(old)
        }
    }

    /// What the folder holds may change from now on: no listing says any more what it is. One that is being taken is none
    /// of it either. See ``PendingListing``.
    private func retireListing() throws(StoreError) {
        try attempt("opening `\(path)`") { () throws(SyscallError) in
            try root.folder.removeTree(names.new)
            do throws(SyscallError) {
                try root.folder.rename(names.listing, to: names.old, in: root.folder)
            } catch  where error.errno == .noSuchFileOrDirectory {
                return
            }
        }
    }

    /// The right to make the folder; `nil` if it is there. Waits for whoever is making it. Whoever asks may write to it
    /// from then on.
    package func filling() throws(StoreError) -> Filling? {
        let lock = try root.lock(name.removingLastComponent())
        try retireListing()
        let target = names.files
        let there = try attempt("looking for `\(path)`") { () throws(SyscallError) in try root.folder.status(of: target)
        }
        guard there == nil else { return nil }
        return Filling(name: try root.scratchName(), target: target, root: root, lock: lock)
    }

    /// A folder that is being made. Nothing of it is left when it is dropped instead of being committed.
    package struct Filling: ~Copyable {
        private let name: FilePath
        private let target: FilePath
        private let root: StoreRoot
        private let lock: FileLock

        init(name: FilePath, target: FilePath, root: StoreRoot, lock: consuming FileLock) {
            self.name = name
            self.target = target
            self.root = root
            self.lock = lock
        }

        /// Where to make it; nothing is there yet.
        package var path: FilePath { root.host(name) }

        package consuming func commit() throws(StoreError) { try root.publish(name, as: target) }

        // What stays behind lies in the scratch folder, which the next command clears.
        deinit { try? root.folder.removeTree(name) }
    }
}
