import OCI
import Testing

@testable import Builder

@Suite("DockerArchiveReader")
struct DockerArchiveTests {
    private let bench: ImageBench
    private static let tar = FakeLayout.tar("hello")

    init() throws { bench = try ImageBench() }

    /// An archive of one image, spoilt by `change`.
    private func archive(
        layers: String = #"["layer.tar"]"#, manifest: String? = nil,
        _ change: (inout FakeLayout) -> Void = { _ in }
    ) throws {
        var archive = FakeLayout()
        let config = """
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["\(Digest.of(Self.tar))"]}}
            """
        archive.files = [
            "config.json": Array(config.utf8), "layer.tar": Self.tar,
            "manifest.json": Array(
                (manifest ?? #"[{"Config":"config.json","RepoTags":["app:1"],"Layers":\#(layers)}]"#).utf8),
        ]
        change(&archive)
        try bench.write("docker.tar", archive.archive())
    }

    private func refusal() -> String {
        do throws(ImageError) {
            _ = try bench.importer.read(.path(bench.appending("docker.tar")), extent: .chosenPlatform)
        } catch {
            guard case .rejected(let rejection) = error else { return "\(error)" }
            return rejection.code
        }
        return "accepted"
    }

    @Test("An archive becomes an image with a manifest of its own")
    func accepted() throws {
        try archive()
        let image = try bench.importer.importImage(from: .path(bench.appending("docker.tar")), named: [])
        #expect(image.names.map(\.familiar) == ["app:1"])
        #expect(image.base.layers.map(\.descriptor.mediaType) == [.layer])
        #expect(image.base.layers.map(\.descriptor.digest) == [Digest.of(Self.tar)])
    }

    @Test("Archives whose parts do not fit are refused")
    func refused() throws {
        let cases = [
            (#"["gone.tar"]"#, "image-blob-missing"), (#"["../layer.tar"]"#, "image-document"),
            (#"["/layer.tar"]"#, "image-document"), (#"[]"#, "image-layer-count"), ("null", "image-document"),
            (#"["layer.tar","layer.tar"]"#, "image-layer-count"), (#"["config.json"]"#, "image-diff-id"),
        ]
        for (layers, code) in cases {
            try archive(layers: layers)
            #expect(refusal() == code, "\(layers)")
        }
        for manifest in ["null", "[]", "[null]", "{}", #"[{"Layers":[]}]"#, #"[{"Config":1,"Layers":[]}]"#] {
            try archive(manifest: manifest)
            #expect(["image-empty", "image-document"].contains(refusal()), "\(manifest)")
        }
        try archive { $0.files["config.json"] = [] }
        #expect(refusal() == "image-document")
    }

    @Test(
        "Links within an archive are followed, and no others",
        arguments: ["real.tar", "/etc/passwd", "../x", "layer.tar"])
    func links(target: String) throws {
        try archive()
        try bench.shell(
            """
            mkdir tree && cd tree && tar -xf ../docker.tar && mv layer.tar real.tar && ln -s \(target) layer.tar
            tar -cf ../docker.tar config.json layer.tar manifest.json real.tar
            """)
        #expect(refusal() == (target == "real.tar" ? "accepted" : "image-file-kind"))
    }

    @Test("skopeo's archives and folders are read", .enabled(if: ImageBench.has("skopeo"), "needs skopeo"))
    func skopeo() throws {
        var layout = FakeLayout()
        layout.setIndex([layout.addImage()])
        try layout.write(to: "layout", on: bench)
        try bench.shell("skopeo copy oci:layout docker-archive:docker.tar:example/app:2")
        let image = try bench.importer.importImage(from: .path(bench.appending("docker.tar")), named: [])
        #expect(image.names.map(\.familiar) == ["example/app:2"])
        #expect(image.base.layers.map(\.diffID.digest) == [Digest.of(Self.tar)])

        try bench.shell("skopeo copy oci:layout dir:folder")
        let folder = try bench.importer.read(.path(bench.appending("folder")), extent: .chosenPlatform)
        #expect(folder.base.layers.map(\.diffID.digest) == [Digest.of(Self.tar)])
    }
}
