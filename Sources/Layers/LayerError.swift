package import Linux
package import OCI

/// Why a layer could not be written or read.
package enum LayerError: Error, Hashable, Sendable {
    case system(SyscallError)

    // Writing
    /// The file was longer or shorter than when it was listed.
    case changedWhileReading(TreePath)
    /// A name that starts with `.wh.` stands for a deletion in every layer (image-spec, layer.md).
    case reservedName(TreePath)
    /// The upper folder refers to its lower instead of holding what it shows: it is no difference.
    case redirected(TreePath)
    /// The tar format has no place for it, in libarchive's words.
    case unwritable(TreePath, reason: String)
    /// A compression library gave up, in its own words.
    case compressor(String)

    // Reading
    /// The bytes are no tar, nor one that gzip, zstd, xz or bzip2 compressed.
    case notAnArchive
    /// The archive or its compression is damaged or ends too early.
    case corrupt(String)
    /// An entry that no well-meant archive has: its name, and what is wrong with it.
    case refused(String, reason: String)
    /// The archive is larger than allowed: what of it, and the bound.
    case tooLarge(String, limit: Int64)
    /// The bytes are not the ones that were announced.
    case mismatch(what: String, expected: String, found: String)

    // Looking into merged layers
    /// More links lead on from this path than any real tree has.
    case tooManyLinks(TreePath)
}

extension LayerError {
    /// Calls into the kernel's module, with its error as ours.
    static func system<Value: ~Copyable>(_ body: () throws(SyscallError) -> Value) throws(LayerError) -> Value {
        do { return try body() } catch { throw .system(error) }
    }
}
