import OCI

@testable import Builder

/// An OCI layout in the making, whose documents tests may spoil one by one.
struct FakeLayout {
    var files: [String: [UInt8]] = ["oci-layout": Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)]

    static func text(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

    /// Puts a blob in and describes it.
    mutating func add(_ bytes: [UInt8], _ type: MediaType) -> Descriptor {
        let digest = Digest.of(bytes)
        files[Self.text(digest)] = bytes
        return Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
    }

    mutating func add(_ text: String, _ type: MediaType) -> Descriptor { add(Array(text.utf8), type) }

    /// An image of one plain layer; `config` and `manifest` change the documents' text before they are put in.
    mutating func addImage(
        _ contents: String = "hello", architecture: String = "amd64",
        config changeConfig: (String) -> String = { $0 }, manifest changeManifest: (String) -> String = { $0 }
    ) -> Descriptor {
        let tar = Self.tar(contents)
        let layer = add(tar, .layer)
        let config = """
            {"architecture":"\(architecture)","os":"linux","rootfs":{"type":"layers","diff_ids":["\(Digest.of(tar))"]}}
            """
        let configDescriptor = add(changeConfig(config), .config)
        let manifest = String(
            decoding: Manifest(config: configDescriptor, layers: [layer]).serialised(), as: UTF8.self)
        var descriptor = add(changeManifest(manifest), .manifest)
        descriptor.platform = Platform(os: "linux", architecture: architecture)
        return descriptor
    }

    mutating func setIndex(_ manifests: [Descriptor]) {
        files["index.json"] = ImageIndex(manifests: manifests).serialised()
    }

    /// A tar with one file.
    static func tar(_ contents: String) -> [UInt8] {
        let bytes = Array(contents.utf8)
        return TarRecord.header(TreePath(normalising: "file"), size: Int64(bytes.count)) + bytes
            + [UInt8](repeating: 0, count: Int(TarRecord.padding(after: Int64(bytes.count))) + 1024)
    }

    /// All files as an archive.
    func archive() -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, contents) in files.sorted(by: { $0.key < $1.key }) {
            bytes += TarRecord.header(TreePath(normalising: name), size: Int64(contents.count)) + contents
            bytes += [UInt8](repeating: 0, count: Int(TarRecord.padding(after: Int64(contents.count))))
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }

    /// All files as a folder.
    func write(to folder: String, on bench: ImageBench) throws {
        try bench.shell("mkdir -p \(folder)/blobs/sha256")
        for (name, contents) in files { try bench.write("\(folder)/\(name)", contents) }
    }
}
