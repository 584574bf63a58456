import Linux
import OCI

/// The files that an image source is made of, by name: those of a folder or those of an archive.
protocol ImageFiles: Sendable {
    /// What people call the source.
    var place: String { get }

    /// The file of that name; `nil` if there is none. What is there but is no regular file is refused, and no link
    /// leads out of the source.
    func open(_ name: TreePath) throws(ImageError) -> SourceFile?

    /// Why one of the files is not taken: a code, and what is wrong with it.
    func refusal(_ code: String, _ name: TreePath, _ reason: String) -> ImageError

    /// The image at a registry that the source is; `nil` if its files lie at hand.
    var remote: RegistryImage? { get }
}

/// How large a document of an image may be.
enum DocumentLimit {
    static let manifest: Int64 = 4 << 20
    static let config: Int64 = 16 << 20
}

extension ImageFiles {
    var remote: RegistryImage? { nil }

    /// True if a blob that an index names is there. A registry is believed to have what it names.
    func holds(_ name: TreePath) throws(ImageError) -> Bool {
        if remote != nil { return true }
        return try open(name) != nil
    }

    /// The bytes of a small document; `nil` if there is none of that name.
    func document(_ name: TreePath, limit: Int64 = DocumentLimit.manifest) throws(ImageError) -> [UInt8]? {
        guard let source = try open(name) else { return nil }
        guard source.size <= limit else {
            throw refusal("image-document-size", name, "\(source.size) bytes, where \(limit) are allowed")
        }
        let bytes = try ImageError.system { () throws(SyscallError) in try source.prefix(Int(source.size)) }
        guard bytes.count == Int(source.size) else {
            throw refusal("image-blob-size", name, "the file ends too early")
        }
        return bytes
    }

    /// The bytes of a document that must be there.
    func required(_ name: TreePath, limit: Int64 = DocumentLimit.manifest) throws(ImageError) -> [UInt8] {
        guard let bytes = try document(name, limit: limit) else {
            throw refusal("image-blob-missing", name, "the image needs this file, and it is not there")
        }
        return bytes
    }

    /// The bytes of a document that must have the size and the digest its descriptor gives it.
    func required(
        _ descriptor: Descriptor, at name: TreePath, limit: Int64 = DocumentLimit.manifest
    ) throws(ImageError) -> [UInt8] {
        let bytes =
            if let remote {
                try remote.document(descriptor, limit: limit)
            } else {
                try required(name, limit: limit)
            }
        guard bytes.count == descriptor.size else {
            throw refusal(
                "image-blob-size", name, "\(bytes.count) bytes, where the descriptor says \(descriptor.size)")
        }
        guard Digest.of(bytes) == descriptor.digest else {
            throw refusal("image-blob-digest", name, "the contents are not those of \(descriptor.digest)")
        }
        return bytes
    }

    /// Reads a document, saying which one it was if it is none of its kind.
    func read<Value>(
        _ name: TreePath, _ body: () throws(OCIError) -> Value
    ) throws(ImageError) -> Value {
        do { return try body() } catch { throw refusal("image-document", name, error.description) }
    }

    /// A refusal that names one of the files.
    func refusal(_ code: String, _ name: TreePath, _ reason: String) -> ImageError {
        .rejected(code, place(of: name), reason)
    }

    /// How a message names one of the files.
    func place(of name: TreePath) -> String { "\(place): \(String(decoding: name.bytes, as: UTF8.self))" }
}
