import OCI
import Testing

/// The parts that documents of tests are made of.
enum Sample {
    static let digest = "sha256:" + String(repeating: "a", count: 64)
    static let config =
        #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(digest)","size":7}"#
    static let layer =
        #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":9}"#
}

@Suite("Descriptor") struct DescriptorTests {
    private func read(_ text: String) throws -> Descriptor {
        try Descriptor(json: try #require(try JSONValue.parse(Array(text.utf8)).object))
    }

    @Test("Type, digest, size, annotations and platform are read and written")
    func roundTrip() throws {
        let text = """
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\(Sample.digest)","size":9,\
            "annotations":{"a":"1","b":"2"},"platform":{"architecture":"arm","os":"linux","variant":"v7"}}
            """
        let descriptor = try read(text)
        #expect(descriptor.mediaType == .manifest)
        #expect(descriptor.platform == Platform(os: "linux", architecture: "arm", variant: "v7"))
        #expect(String(decoding: descriptor.json.serialised(), as: UTF8.self) == text)
    }

    @Test(
        "A field that is missing or has the wrong type is named",
        arguments: [
            (#""mediaType":"x""#, #""x":1"#, "mediaType"), (#""mediaType":"x""#, #""mediaType":1"#, "mediaType"),
            (#""size":1"#, #""size":-1"#, "size"), (#""size":1"#, #""size":1.0"#, "size"),
            (#""size":1"#, #""size":"1""#, "size"), (#""size":1"#, #""size":9223372036854775808"#, "size"),
            (#""size":1"#, #""size":null"#, "size"),
            (#""digest":"\#(Sample.digest)""#, #""digest":"sha256:x""#, "digest"),
            (#""digest":"\#(Sample.digest)""#, #""digest":"md5:00""#, "digest"),
            (#""size":1"#, #""size":1,"annotations":[]"#, "annotations"),
            (#""size":1"#, #""size":1,"annotations":{"a":1}"#, "annotations"),
            (#""size":1"#, #""size":1,"platform":"linux""#, "platform"),
        ])
    func wrong(part: String, other: String, field: String) throws {
        let parts = [#""mediaType":"x""#, #""digest":"\#(Sample.digest)""#, #""size":1"#]
        let text = "{" + parts.map { $0 == part ? other : $0 }.joined(separator: ",") + "}"
        #expect(throws: OCIError.field(field, in: "descriptor")) { try read(text) }
    }
}

@Suite("Manifest") struct ManifestTests {
    private func text(
        version: String = "2", type: String? = "application/vnd.oci.image.manifest.v1+json", more: String = ""
    ) -> [UInt8] {
        let type = type.map { #""mediaType":"\#($0)","# } ?? ""
        return Array(
            #"{"schemaVersion":\#(version),\#(type)"config":\#(Sample.config),"layers":[\#(Sample.layer)]\#(more)}"#
                .utf8)
    }

    @Test("It is written back as it was read")
    func roundTrip() throws {
        let bytes = text(more: #","annotations":{"a":"b"}"#)
        let manifest = try Manifest(parsing: bytes)
        #expect(manifest.layers.map(\.size) == [9])
        #expect(manifest.annotations == ["a": "b"])
        #expect(manifest.serialised() == bytes)
    }

    @Test("Docker's type, and none at all, are manifests too")
    func types() throws {
        #expect(try Manifest(parsing: text(type: MediaType.dockerManifest.rawValue)).mediaType == .dockerManifest)
        #expect(try Manifest(parsing: text(type: nil)).mediaType == .manifest)
    }

    @Test("A document that could be read as an index, or as docker's first schema, is refused")
    func confused() {
        for bytes in [
            text(type: MediaType.index.rawValue), text(type: MediaType.dockerIndex.rawValue), text(type: "text/plain"),
            text(more: #","manifests":[]"#), text(type: nil, more: #","manifests":[]"#), text(more: #","fsLayers":[]"#),
            text(more: #","manifests":null"#),
        ] {
            #expect {
                try Manifest(parsing: bytes)
            } throws: { error in
                if case OCIError.confusedType = error { true } else { false }
            }
        }
    }

    @Test("Another schema, and things that are no manifest, are refused", arguments: ["1", "3", "\"2\"", "null"])
    func schema(version: String) {
        #expect(throws: OCIError.field("schemaVersion", in: "manifest")) {
            try Manifest(parsing: text(version: version))
        }
        #expect(throws: OCIError.self) { try Manifest(parsing: Array("[]".utf8)) }
        #expect(throws: OCIError.self) { try Manifest(parsing: Array("{".utf8)) }
        #expect(throws: OCIError.self) { try Manifest(parsing: Array(#"{"schemaVersion":2,"layers":[]}"#.utf8)) }
    }
}

@Suite("ImageIndex") struct ImageIndexTests {
    private func text(type: String? = "application/vnd.oci.image.index.v1+json", more: String = "") -> [UInt8] {
        let type = type.map { #""mediaType":"\#($0)","# } ?? ""
        return Array(#"{"schemaVersion":2,\#(type)"manifests":[\#(Sample.config)]\#(more)}"#.utf8)
    }

    @Test("It is written back as it was read")
    func roundTrip() throws {
        let bytes = text(more: #","annotations":{"a":"b"}"#)
        let index = try ImageIndex(parsing: bytes)
        #expect(index.manifests.map(\.size) == [7])
        #expect(index.serialised() == bytes)
        #expect(try ImageIndex(parsing: text(type: nil)).mediaType == .index)
    }

    @Test("A document that could be read as a manifest is refused")
    func confused() {
        for bytes in [
            text(type: MediaType.manifest.rawValue), text(more: #","layers":[]"#),
            text(more: #","config":\#(Sample.config)"#), text(type: nil, more: #","layers":null"#),
        ] {
            #expect {
                try ImageIndex(parsing: bytes)
            } throws: { error in
                if case OCIError.confusedType = error { true } else { false }
            }
        }
    }

    @Test("Manifests must be a list of descriptors", arguments: ["{}", "[1]", "null", #"[{"size":1}]"#])
    func manifests(value: String) {
        #expect(throws: OCIError.self) {
            try ImageIndex(parsing: Array(#"{"schemaVersion":2,"manifests":\#(value)}"#.utf8))
        }
    }
}
