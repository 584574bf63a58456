import Glibc
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("ImageImporter")
struct ImageImporterTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    /// The code of the refusal of an archive, or what happened instead.
    private func refusal(of layout: FakeLayout) throws -> String {
        try bench.write("image.tar", layout.archive())
        do throws(ImageError) {
            _ = try bench.importer.importImage(
                from: .path(bench.appending("image.tar")), named: Reference("x").map { [$0] } ?? [])
        } catch {
            guard case .rejected(let rejection) = error else { return "\(error)" }
            #expect(try bench.store.names.list().isEmpty)
            return rejection.code
        }
        return "accepted"
    }

    private func layout(
        config: (String) -> String = { $0 }, manifest: (String) -> String = { $0 }
    ) -> FakeLayout {
        var layout = FakeLayout()
        let image = layout.addImage(config: config, manifest: manifest)
        layout.setIndex([image])
        return layout
    }

    @Test("What we export comes back as it was")
    func roundTrip() throws {
        let image = try bench.image(CompressionChoice(algorithm: .none, isExplicit: true))
        let name = try #require(Reference("example/app:1"))
        _ = try bench.exporter.export(
            BuiltImage(image), named: [LayoutName(name)],
            to: Output(form: .image, destination: .path(bench.appending("image.tar")))
        )
        let other = try ImageBench()
        let imported = try other.importer.importImage(from: .path(bench.appending("image.tar")), named: [])
        #expect(imported.names == [name])
        #expect(imported.root.digest == image.manifest.digest)
        #expect(imported.base.config.diffIDs == image.diffIDs)
        #expect(try other.store.names.resolve(name)?.digest == image.manifest.digest)
        #expect(try StoredImages(store: other.store).image(name, .host)?.base.layers == imported.base.layers)
    }

    @Test("The same layout is read from a folder and from an archive")
    func folder() throws {
        let layout = layout()
        try layout.write(to: "layout", on: bench)
        try bench.write("image.tar", layout.archive())
        let one = try bench.importer.read(.path(bench.appending("layout")), extent: .chosenPlatform)
        let two = try bench.importer.read(.path(bench.appending("image.tar")), extent: .chosenPlatform)
        #expect(one.root == two.root)
        #expect(one.base.layers == two.base.layers)
    }

    @Test("Of an index the platform's image is taken, and all of it if all is there")
    func platforms() throws {
        var layout = FakeLayout()
        let arm = layout.addImage("arm", architecture: "arm64")
        let amd = layout.addImage("amd", architecture: "amd64")
        let index = layout.add(
            String(decoding: ImageIndex(manifests: [arm, amd]).serialised(), as: UTF8.self), .index)
        layout.setIndex([index])
        try bench.write("image.tar", layout.archive())
        let name = try #require(Reference("multi"))
        let imported = try bench.importer.importImage(from: .path(bench.appending("image.tar")), named: [name])
        #expect(imported.base.manifestDigest == amd.digest)
        #expect(imported.root.digest == index.digest)
        let stored = try StoredImages(store: bench.store)
            .image(name, Platform(os: "linux", architecture: "arm64"))
        #expect(stored?.base.manifestDigest == arm.digest)

        layout.files[FakeLayout.text(arm.digest)] = nil
        try bench.write("partial.tar", layout.archive())
        let partial = try ImageBench()
        let image = try partial.importer.importImage(from: .path(bench.appending("partial.tar")), named: [name])
        #expect(image.root.digest == amd.digest)
    }

    @Test("Documents that do not fit together are refused")
    func documents() throws {
        let layer = Digest.of(FakeLayout.tar("hello")).description
        let other = Digest.of([1]).description
        #expect(try refusal(of: layout(config: { $0.replacing(layer, with: other) })) == "image-diff-id")
        #expect(
            try refusal(of: layout(config: { $0.replacing("\"\(layer)\"", with: "") })) == "image-layer-count")
        #expect(
            try refusal(of: layout(config: { $0.replacing("\"\(layer)\"", with: "\"\(layer)\",\"\(layer)\"") }))
                == "image-layer-count")
        #expect(
            try refusal(of: layout(config: { $0.replacing(#"{"type":"layers""#, with: #"null,"x":{"type":"layers""#) }))
                == "image-document")
        for change in [
            #""size":2048"#: #""size":2047"#, #""size":2049"#: "", #""size":-1"#: "", #""size":1.5"#: "",
        ].flatMap({ [$0.key, $0.value] }) where !change.isEmpty && change != #""size":2048"# {
            let code = try refusal(of: layout(manifest: { $0.replacing(#""size":2048"#, with: change) }))
            #expect(["image-blob-size", "image-document"].contains(code), "\(change): \(code)")
        }
    }

    @Test("Documents of the wrong type are refused")
    func types() throws {
        let type = MediaType.layer.rawValue + "\""
        for wrong in [MediaType.layerGzip.rawValue, "text/html", MediaType.config.rawValue] {
            #expect(try refusal(of: layout(manifest: { $0.replacing(type, with: wrong + "\"") })) == "image-media-type")
        }
        #expect(
            try refusal(of: layout(manifest: { $0.replacing(MediaType.config.rawValue, with: "text/json") }))
                == "image-media-type")
        #expect(
            try refusal(
                of: layout(manifest: { $0.replacing("{\"schemaVersion\"", with: "{\"manifests\":[],\"schemaVersion\"") }
                ))
                == "image-document")
        #expect(
            try refusal(
                of: layout(manifest: {
                    $0.replacing(MediaType.manifest.rawValue, with: MediaType.dockerManifest.rawValue)
                })) == "image-media-type")
        #expect(
            try refusal(of: layout(manifest: { $0.replacing("\"schemaVersion\":2", with: "\"schemaVersion\":1") }))
                == "image-document")
    }

    @Test("Documents that two readers could read differently are refused")
    func json() throws {
        #expect(try refusal(of: layout(manifest: { $0 + "{}" })) == "image-document")
        #expect(
            try refusal(of: layout(config: { $0.replacing("\"os\"", with: "\"os\":\"windows\",\"os\"") }))
                == "image-document")
        #expect(try refusal(of: layout(config: { "\u{FEFF}" + $0 })) == "image-document")
        let deep = String(repeating: "[", count: 100_000)
        #expect(try refusal(of: layout(config: { _ in deep })) == "image-document")
        #expect(
            try refusal(of: layout(manifest: { $0 + String(repeating: " ", count: 5 << 20) })) == "image-document-size")
    }

    @Test("Blobs that changed or are missing are refused and not kept")
    func blobs() throws {
        let tar = FakeLayout.tar("hello")
        let name = FakeLayout.text(Digest.of(tar))
        for (bytes, code) in [
            (Array(tar.dropLast(512)), "image-blob-size"), (tar.dropLast() + [1], "image-blob-digest"),
        ] {
            var layout = layout()
            layout.files[name] = Array(bytes)
            #expect(try refusal(of: layout) == code)
        }
        var missing = layout()
        missing.files[name] = nil
        #expect(try refusal(of: missing) == "image-blob-missing")
        #expect(try bench.shell("ls store/blobs/sha256").isEmpty)
    }

    @Test("A digest that is none never becomes a path")
    func digests() throws {
        for wrong in ["sha256:../../../../etc/passwd", "sha256:AB", "md5:\(String(repeating: "0", count: 32))", ""] {
            let layer = Digest.of(FakeLayout.tar("hello")).description
            #expect(try refusal(of: layout(manifest: { $0.replacing(layer, with: wrong) })) == "image-document")
        }
    }

    @Test("Indexes that are empty, ambiguous or endless are refused")
    func indexes() throws {
        var empty = FakeLayout()
        empty.setIndex([])
        #expect(try refusal(of: empty) == "image-empty")

        var two = FakeLayout()
        var images = [two.addImage("one"), two.addImage("two")]
        for index in images.indices { images[index].annotations[Annotation.referenceName] = "latest" }
        two.setIndex(images)
        #expect(try refusal(of: two) == "image-ambiguous")

        var deep = FakeLayout()
        var inner = deep.addImage()
        for _ in 0..<20 {
            inner = deep.add(String(decoding: ImageIndex(manifests: [inner]).serialised(), as: UTF8.self), .index)
        }
        deep.setIndex([inner])
        #expect(try refusal(of: deep) == "image-index-depth")
    }

    @Test("Links, FIFOs and foreign versions in a layout are refused", .timeLimit(.minutes(10)))
    func kinds() throws {
        let blob = FakeLayout.text(Digest.of(FakeLayout.tar("hello")))
        for (number, spoil) in [
            "ln -sf /etc/passwd \(blob)", "rm \(blob) && mkfifo \(blob)",
            "rm index.json && ln -s /etc/passwd index.json",
            "mv blobs elsewhere && ln -s elsewhere blobs", "rm \(blob) && mkdir \(blob)",
        ].enumerated() {
            try layout().write(to: "layout\(number)", on: bench)
            try bench.shell("cd layout\(number) && \(spoil)")
            let error = #expect(throws: ImageError.self) {
                try bench.importer.read(.path(bench.appending("layout\(number)")), extent: .chosenPlatform)
            }
            guard case .rejected(let rejection)? = error else {
                Issue.record("\(spoil): \(String(describing: error))")
                continue
            }
            #expect(rejection.code == "image-file-kind")
        }
        var old = layout()
        old.files["oci-layout"] = Array(#"{"imageLayoutVersion":"2.0.0"}"#.utf8)
        #expect(try refusal(of: old) == "image-layout-version")
    }

    @Test("What is no archive is refused in one clear line")
    func nonsense() throws {
        for bytes in [[UInt8]("no tar at all".utf8), [], [UInt8](repeating: 7, count: 4096)] {
            try bench.write("nonsense", bytes)
            let error = #expect(throws: ImageError.self) {
                try bench.importer.read(.path(bench.appending("nonsense")), extent: .chosenPlatform)
            }
            guard case .rejected(let rejection)? = error else { throw Errno.invalidArgument }
            #expect(["image-not-recognised", "image-archive-damaged"].contains(rejection.code))
        }
    }
}
