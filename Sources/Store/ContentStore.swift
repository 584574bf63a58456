import Glibc
package import Linux
package import OCI
package import SystemPackage

/// Blobs by digest: manifests, configurations, layers in any encoding.
///
/// A blob that is there is complete. One that somebody wrote to since it came in is read and compared with its name
/// before it is given to anyone.
package struct ContentStore: Sendable {
    let root: StoreRoot
    let durability: Durability

    /// The host's path of the blob, whether it is there or not.
    package func path(of digest: Digest) -> FilePath { root.host(StoreLayout.blob(digest)) }

    /// The blob's size; `nil` if it is not in the store.
    package func size(of digest: Digest) throws(StoreError) -> Int64? {
        try root.size(of: StoreLayout.blob(digest))
    }

    package func contains(_ digest: Digest) throws(StoreError) -> Bool { try size(of: digest) != nil }

    /// Opens a blob for reading.
    ///
    /// - Throws: ``StoreError/missing(_:)`` if it is not in the store, ``StoreError/damaged(_:why:)`` if it is not any
    ///   more what came in.
    package func open(_ digest: Digest) throws(StoreError) -> File {
        let file = try openUnread(digest)
        guard try isSound(file, digest) else { throw .damaged(path(of: digest), why: "its contents have changed") }
        return file
    }

    /// Opens a blob as it is, for whoever trusts nothing that stands in it; `nil` if it is not in the store.
    package func openUnverified(_ digest: Digest) throws(StoreError) -> File? {
        do { return try openUnread(digest) } catch .missing { return nil }
    }

    private func openUnread(_ digest: Digest) throws(StoreError) -> File {
        do throws(SyscallError) {
            return File(try root.folder.open(StoreLayout.blob(digest)))
        } catch {
            throw error.errno == .noSuchFileOrDirectory ? .missing(digest) : .system(error, doing: "opening \(digest)")
        }
    }

    /// True if the blob is in the store and is what its name says.
    func isSound(_ digest: Digest, size: Int64) throws(StoreError) -> Bool {
        guard try self.size(of: digest) == size else { return false }
        return try isSound(try openUnread(digest), digest)
    }

    /// Reads the file if its seal is broken, and renews the seal if the contents are right.
    private func isSound(_ file: borrowing File, _ digest: Digest) throws(StoreError) -> Bool {
        try attempt("reading \(digest)") { () throws(SyscallError) in
            if BlobSeal.holds(try file.status(), digest) { return true }
            guard try file.contentsDigest() == digest else { return false }
            try file.seek(to: 0)
            do throws(SyscallError) { try BlobSeal.set(on: file, digest) } catch {
                // A store that cannot be written to is read each time.
                guard [.readOnlyFileSystem, .notPermitted, .permissionDenied].contains(error.errno) else { throw error }
            }
            return true
        }
    }

    /// The bytes of a small blob, verified.
    ///
    /// - Throws: ``StoreError/damaged(_:why:)`` if they are not what their name says or more than `limit`.
    package func read(_ digest: Digest, limit: Int = 16 << 20) throws(StoreError) -> [UInt8] {
        let bytes: [UInt8]
        let file = try openUnread(digest)
        do throws(SyscallError) { bytes = try file.readAll(limit: limit) } catch {
            if error.errno == .fileTooLarge { throw .damaged(path(of: digest), why: "it has more than \(limit) bytes") }
            throw .system(error, doing: "reading \(digest)")
        }
        guard Digest.of(bytes) == digest else { throw .damaged(path(of: digest), why: "its contents have changed") }
        return bytes
    }

    /// Reads a blob whole, sealed or not; false if it does not hold what its name says.
    package func verify(_ digest: Digest) throws(StoreError) -> Bool {
        let file = try openUnread(digest)
        return try attempt("reading \(digest)") { () throws(SyscallError) in try file.contentsDigest() == digest }
    }

    /// Takes a blob out. Nothing happens if it is not there.
    package func remove(_ digest: Digest) throws(StoreError) {
        try attempt("removing \(digest)") { () throws(SyscallError) in
            try root.folder.removeTree(StoreLayout.blob(digest))
        }
    }

    /// A blob on its way in.
    package func newBlob() throws(StoreError) -> BlobWriter { try BlobWriter(into: self) }

    private func holds(_ digest: Digest, _ bytes: [UInt8]) throws(StoreError) -> Bool {
        let file = try openUnread(digest)
        return try attempt("reading \(digest)") { () throws(SyscallError) in
            guard try file.status().size == Int64(bytes.count) else { return false }
            return try file.readAll(limit: bytes.count) == bytes
        }
    }

    /// Makes the next who commits the blob look into it, and so replace it if it is damaged.
    private func unseal(_ digest: Digest) throws(StoreError) {
        try attempt("marking \(digest) as damaged") { () throws(SyscallError) in
            try root.folder.setModified(of: StoreLayout.blob(digest), FileStatus.Time(seconds: 0))
        }
    }

    /// Puts small contents in and returns their name. What is there already is compared, sealed or not.
    package func put(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        let digest = Digest.of(bytes)
        if try contains(digest) {
            if try holds(digest, bytes) { return digest }
            try unseal(digest)
        }
        let writer = try newBlob()
        try attempt("writing \(digest)") { () throws(SyscallError) in try writer.file.write(bytes) }
        try writer.commit(as: digest, size: Int64(bytes.count))
        return digest
    }
}

extension File {
    /// The digest of everything from the file's position on.
    fileprivate func contentsDigest() throws(SyscallError) -> Digest {
        var hasher = DigestHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return hasher.finish()
    }
}
