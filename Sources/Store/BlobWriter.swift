import Glibc
package import Linux
package import OCI
import SystemPackage

/// A blob on its way into the store: committed, or gone when dropped.
///
/// The file has no name until it is complete, so that not even a killed build leaves anything of it. Where the file
/// system knows no nameless files it lies in the process's scratch folder.
package struct BlobWriter: ~Copyable, Sendable {
    /// What to write into.
    package let file: File
    private let store: ContentStore
    private var temporary: FilePath?

    init(into store: ContentStore) throws(StoreError) {
        self.store = store
        do throws(SyscallError) {
            file = try File.anonymous(in: store.root.host(StoreLayout.blobs))
            temporary = nil
        } catch {
            guard [.notSupported, .isDirectory, .noSuchFileOrDirectory].contains(error.errno) else {
                throw .system(error, doing: "making a blob")
            }
            let name = try store.root.scratchName()
            file = try attempt("making a blob") { () throws(SyscallError) in
                File(try store.root.folder.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600))
            }
            temporary = name
        }
    }

    /// A second descriptor of the file, for a writer that wants to own one.
    package func output() throws(StoreError) -> File {
        let handle = try attempt("making a blob") { () throws(SyscallError) in try file.handle.duplicate() }
        return File(handle)
    }

    /// Makes the blob visible. If another build was first this succeeds too, unless what is there is something else: that
    /// is damaged, and is replaced.
    ///
    /// `digest` is the caller's word, who hashed the bytes while writing them.
    package consuming func commit(as digest: Digest, size: Int64) throws(StoreError) {
        let found = try attempt("writing \(digest)") { () throws(SyscallError) in try file.status().size }
        guard found == size else { throw .wrongSize(digest, expected: size, found: found) }
        if try store.isSound(digest, size: size) { return }
        try store.durability.expectWrites()
        try attempt("writing \(digest)") { () throws(SyscallError) in try BlobSeal.set(on: file, digest) }
        let name = try named()
        temporary = nil
        try store.root.publish(name, as: StoreLayout.blob(digest))
    }

    /// The name under which the file can be moved.
    private func named() throws(StoreError) -> FilePath {
        if let temporary { return temporary }
        let name = try store.root.scratchName()
        try attempt("writing a blob") { () throws(SyscallError) in try file.link(at: store.root.host(name)) }
        return name
    }

    deinit {
        // What stays behind lies in the scratch folder, which the next command clears.
        if let temporary { try? store.root.folder.unlink(temporary) }
    }
}
