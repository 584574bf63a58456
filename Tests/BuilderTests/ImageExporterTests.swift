import Glibc
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("ImageExporter")
struct ImageExporterTests {
    private let bench: ImageBench
    private let names = [Reference("example/app:1"), Reference("example/app:latest")].compactMap { $0 }
        .map(LayoutName.init)

    init() throws { bench = try ImageBench() }

    private func export(_ form: Output.Form, to name: String, _ image: AssembledImage) throws -> WrittenOutput {
        try bench.exporter.export(
            BuiltImage(image), named: names, to: Output(form: form, destination: .path(bench.appending(name))))
    }

    @Test("An archive is an OCI layout that also has docker's manifest")
    func imageForm() throws {
        _ = try export(.image, to: "image.tar", try bench.image())
        let listing = try bench.shell("tar -tvf image.tar").split(separator: "\n")
        #expect(listing.count == 9)
        let names = try bench.shell("tar -tf image.tar").split(separator: "\n")
        #expect(names.suffix(3) == ["index.json", "manifest.json", "oci-layout"])
        #expect(names.prefix(2) == ["blobs/", "blobs/sha256/"])
        #expect(listing.allSatisfy { $0.contains("0/0") && $0.contains("1970-01-01") })
    }

    @Test("Layers stand first, in the order of the image", arguments: [Output.Form.image, .oci, .docker])
    func layersFirst(form: Output.Form) throws {
        let image = try bench.image(CompressionChoice(algorithm: .gzip, isExplicit: true))
        _ = try export(form, to: "image.tar", image)
        let names = try bench.shell("tar -tf image.tar").split(separator: "\n")
        #expect(names[2..<4].elementsEqual(image.layers.map { "blobs/sha256/\($0.digest.hex)" }) { $0 == $1 })
    }

    @Test("The forms differ in their documents", arguments: [Output.Form.oci, .docker])
    func forms(form: Output.Form) throws {
        _ = try export(form, to: "image.tar", try bench.image(CompressionChoice(algorithm: .gzip, isExplicit: true)))
        let names = Set(try bench.shell("tar -tf image.tar").split(separator: "\n").map(String.init))
        #expect(names.contains("index.json") == (form == .oci))
        #expect(names.contains("oci-layout") == (form == .oci))
        #expect(names.contains("manifest.json") == (form == .docker))
    }

    @Test("The same image makes the same bytes")
    func deterministic() throws {
        let image = try bench.image()
        _ = try export(.image, to: "one.tar", image)
        let other = try ImageBench()
        #expect(try other.image() == image)
        _ = try other.exporter.export(
            BuiltImage(image), named: names, to: Output(form: .image, destination: .path(bench.appending("two.tar"))))
        #expect(try bench.read("one.tar") == bench.read("two.tar"))
    }

    @Test("What an archive will hold is known before it is written")
    func size() throws {
        let written = try export(.image, to: "image.tar", try bench.image())
        #expect(written.size == Int64(try bench.read("image.tar").count))
    }

    @Test("An output that holds the image already is not written again")
    func unchanged() throws {
        let image = try bench.image()
        #expect(try !export(.image, to: "image.tar", image).isUnchanged)
        let before = try File(opening: bench.appending("image.tar")).status()
        #expect(try export(.image, to: "image.tar", image).isUnchanged)
        #expect(try File(opening: bench.appending("image.tar")).status() == before)
        try bench.shell("echo more >>image.tar")
        #expect(try !export(.image, to: "image.tar", image).isUnchanged)
        #expect(try !export(.oci, to: "image.tar", image).isUnchanged)
    }

    @Test("A link in the output's place is followed, and its target is replaced")
    func link() throws {
        try bench.shell("mkdir elsewhere && echo old >elsewhere/real.tar && ln -s elsewhere/real.tar image.tar")
        _ = try export(.image, to: "image.tar", try bench.image())
        #expect(try bench.shell("readlink image.tar") == "elsewhere/real.tar\n")
        #expect(try bench.shell("tar -tf elsewhere/real.tar | tail -1") == "oci-layout\n")
        #expect(try bench.names(in: "elsewhere") == ["real.tar"])
    }

    @Test("Left-overs of killed builds are cleared, those in use are not")
    func clearing() throws {
        try bench.write(".layerbuild-1", [1])
        try bench.write(".layerbuild-2", [2])
        let used = try File(opening: bench.appending(".layerbuild-2"))
        try #require(flock(used.number, LOCK_EX) == 0)
        _ = try export(.image, to: "image.tar", try bench.image())
        #expect(try bench.names() == [".layerbuild-2", "image.tar", "store"] + [])
    }

    @Test("A full device is the kernel's error, and a folder is no place for a file")
    func refusals() throws {
        let image = try bench.image()
        #expect(throws: ImageError.system(SyscallError("write", "", .noSpace))) {
            try bench.exporter.export(
                BuiltImage(image), named: [], to: Output(form: .image, destination: .path("/dev/full")))
        }
        try bench.shell("mkdir folder.tar")
        #expect(throws: ImageError.self) { try export(.image, to: "folder.tar", image) }
        #expect(try bench.names(in: "folder.tar").isEmpty)
    }

    @Test("A FIFO gets the archive as it is", .timeLimit(.minutes(10)))
    func streams() throws {
        let image = try bench.image()
        try bench.shell("mkfifo fifo && { cat fifo >copy & }")
        let written = try export(.image, to: "fifo", image)
        _ = try export(.image, to: "image.tar", image)
        try bench.shell("while [ $(stat -c %s copy) -lt \(written.size ?? 0) ]; do :; done")
        #expect(try bench.read("copy") == bench.read("image.tar"))
    }

    @Test("A layout as a folder takes a second image beside the first")
    func layoutFolder() throws {
        let image = try bench.image()
        _ = try export(.ociFolder, to: "layout", image)
        let other = Reference("other:2").map { [LayoutName($0)] } ?? []
        _ = try bench.exporter.export(
            BuiltImage(image), named: other, to: Output(form: .ociFolder, destination: .path(bench.appending("layout")))
        )
        let index = try ImageIndex(parsing: try bench.read("layout/index.json"))
        #expect(index.manifests.map { $0.annotations[Annotation.referenceName] } == ["1", "latest", "2"])
        #expect(try bench.names(in: "layout") == ["blobs", "index.json", "oci-layout"])
    }

    @Test("A layout of another tool keeps one image of a name")
    func foreignLayout() throws {
        let image = try bench.image()
        _ = try export(.ociFolder, to: "layout", image)
        var index = try ImageIndex(parsing: try bench.read("layout/index.json"))
        for place in index.manifests.indices { index.manifests[place].annotations[Annotation.imageName] = nil }
        try bench.write("layout/index.json", index.serialised())
        _ = try export(.ociFolder, to: "layout", image)
        index = try ImageIndex(parsing: try bench.read("layout/index.json"))
        #expect(index.manifests.map { $0.annotations[Annotation.referenceName] } == ["1", "latest"])
    }

    @Test(
        "What is typed behind a path is a layout's name letter by letter, and a full name where it makes one",
        arguments: [
            ("1.2", "docker.io/library/web:1.2"), ("app:1", "docker.io/library/app:1"),
            ("host.example:5000/a/b--c:1", "host.example:5000/a/b--c:1"), ("app@1", nil),
            ("UPPER", "docker.io/library/web:UPPER"),
        ] as [(String, String?)])
    func layoutName(text: String, full: String?) throws {
        let name = try #require(LayoutName(typed: text, at: "/x/web.tar"))
        #expect(name.text == text)
        #expect(name.image?.description == full)
    }

    @Test("What skopeo takes for no name is none", arguments: ["", "a b", "@1", "a::b", "a---b", "a/", "-a", "a:é"])
    func noLayoutName(text: String) { #expect(LayoutName(typed: text, at: "/web") == nil) }

    @Test("Other tools read what we write", .enabled(if: ImageBench.has("skopeo"), "needs skopeo"))
    func skopeo() throws {
        let image = try bench.image(CompressionChoice(algorithm: .gzip, isExplicit: true))
        _ = try export(.image, to: "image.tar", image)
        _ = try export(.docker, to: "docker.tar", image)
        _ = try export(.ociFolder, to: "layout", image)
        let digest = image.manifest.digest.description
        #expect(try bench.shell("skopeo inspect oci-archive:image.tar:latest").contains(digest))
        #expect(try bench.shell("skopeo inspect oci:layout:1").contains(digest))
        for name in ["image.tar", "docker.tar"] {
            let config = try bench.shell("skopeo inspect --config --raw docker-archive:\(name):example/app:1")
            #expect(Digest.of(Array(config.utf8)) == image.config.digest)
            try bench.shell("skopeo copy docker-archive:\(name):example/app:1 oci:copy-\(name):x")
        }
    }

    @Test(
        "umoci unpacks what we write", .enabled(if: ImageBench.has("umoci") && geteuid() == 0, "needs umoci and root"))
    func umoci() throws {
        _ = try export(
            .ociFolder, to: "layout", try bench.image(CompressionChoice(algorithm: .gzip, isExplicit: true)))
        try bench.shell("umoci unpack --image layout:latest bundle")
        #expect(try bench.shell("cat bundle/rootfs/etc/first bundle/rootfs/etc/second") == "onetwo")
    }
}
