import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("Root file systems", .enabled(if: geteuid() == 0, "needs root"))
struct RootfsTests {
    private let bench: ImageBench
    private let name = Reference("rootfs:1")

    init() throws {
        bench = try ImageBench()
        try bench.shell(
            """
            mkdir -p tree/bin tree/etc/deep tree/empty && printf hello >tree/etc/deep/file && printf x >tree/bin/tool
            chmod 4755 tree/bin/tool && ln tree/bin/tool tree/bin/tool2 && ln -s ../etc tree/bin/link
            chown -h 3:4 tree/bin/link tree/etc/deep/file && chmod 1777 tree/empty
            head -c 5000000 /dev/urandom >tree/large
            find tree -exec touch -h -d @1500000000 {} +
            """)
    }

    private func importPath(_ path: String) throws -> ImportedImage {
        try bench.importer.read(.path(bench.appending(path)), extent: .chosenPlatform)
    }

    /// Everything that a tree says of its files, one line for each.
    private func listing(_ folder: String) throws -> String {
        try bench.shell(
            """
            cd \(folder) && find . -mindepth 1 -printf '%P %y %m %U %G %s %n %l %T@\\n' | sed -E 's/^(.* d [0-9]+ [0-9]+ [0-9]+) [0-9]+ [0-9]+/\\1/' | sort
            find . -type f -exec sha256sum {} + | sort -k2
            """)
    }

    @Test(
        "A tar becomes the same image however it is packed",
        arguments: ["cat", "gzip", "xz", "bzip2", "zstd"].filter(ImageBench.has))
    func packings(tool: String) throws {
        try bench.shell("tar -C tree -cf plain.tar . && \(tool) <plain.tar >packed")
        let plain = try importPath("plain.tar")
        let packed = try importPath("packed")
        #expect(plain.root == packed.root)
        #expect(plain.base.config.created == "2017-07-14T02:40:00Z")
        #expect(plain.base.layers.count == 1)
    }

    @Test("A folder and a sorted tar of it are the same image")
    func folder() throws {
        try bench.shell("tar -C tree -cf sorted.tar --sort=name bin empty etc large")
        let tar = try importPath("sorted.tar")
        #expect(try importPath("tree").base.layers.map(\.diffID) == tar.base.layers.map(\.diffID))
    }

    @Test("What is unpacked, exported as files and exported as a tar is what went in")
    func roundTrip() throws {
        try bench.shell("tar -C tree -cf plain.tar .")
        let imported = try importPath("plain.tar")
        let image = AssembledImage(
            manifest: imported.root, config: imported.root, layers: imported.base.layers.map(\.descriptor),
            diffIDs: imported.base.layers.map(\.diffID))
        let before = try listing("tree")
        for form in [Output.Form.local, .tar] {
            _ = try bench.exporter.export(
                BuiltImage(image), named: [],
                to: Output(form: form, destination: .path(bench.appending("out-\(form.rawValue)"))))
        }
        #expect(try listing("out-local") == before)
        try bench.shell("mkdir untarred && tar --numeric-owner -xpf out-tar -C untarred")
        #expect(try listing("untarred") == before)
    }

    @Test("Later members replace earlier ones of the same name")
    func repeated() throws {
        try bench.shell(
            """
            mkdir one two && printf one >one/file && printf two >two/file
            tar -cf both.tar -C one file && tar -rf both.tar -C ../$(basename "$PWD")/two file
            """)
        let image = try importPath("both.tar")
        let folders = try SnapshotProvider(store: bench.store, threads: 2).folders(for: image.base.config.diffIDs)
        let folder = try #require(folders.first)
        #expect(try bench.shell("cat '\(folder)/file'") == "two")
    }

    @Test("Nothing in an image leads a write out of the output's folder")
    func confined() throws {
        try bench.shell(
            """
            mkdir evil outside target && ln -s ../outside evil/a && ln -s / evil/x
            ln -s ../outside target/etc && printf old >target/file
            """)
        let image = try bench.image()
        try bench.shell("mkdir -p first second")
        for _ in 0..<2 {
            _ = try bench.exporter.export(
                BuiltImage(image), named: [], to: Output(form: .local, destination: .path(bench.appending("target"))))
        }
        #expect(try bench.names(in: "outside").isEmpty)
        #expect(try bench.shell("cat target/etc/first target/etc/second target/file") == "onetwoold")
        #expect(try bench.names(in: "target") == ["etc", "file"])
    }

    @Test("Whiteouts hide what lies below in the exported files")
    func whiteouts() throws {
        let first = try bench.layer("etc/first", "one")
        let blob = try bench.store.blobs.newBlob()
        var writer = try LayerWriter(into: try blob.output(), threads: 1)
        try writer.write(whiteout: TreePath(normalising: "etc/first"))
        let written = try writer.finish()
        try blob.commit(as: written.digest, size: written.size)
        try bench.store.encodings.add(EncodedLayer(written, .standard), of: written.diffID)
        let image = try ImageAssembler(
            base: nil, config: ImageConfig(platform: .host),
            lines: [
                .init(createdBy: "a", step: .init(layer: first, created: 1)),
                .init(createdBy: "b", step: .init(layer: written.diffID, created: 2)),
            ], epoch: nil
        ).assemble(with: bench.encoder, in: bench.store)
        _ = try bench.exporter.export(
            BuiltImage(image), named: [], to: Output(form: .local, destination: .path(bench.appending("out"))))
        #expect(try bench.shell("find out -mindepth 1") == "out/etc\n")
    }

    @Test("Archives that are no root file system are refused", arguments: ["../up", "x/.wh.gone"])
    func refused(name: String) throws {
        var layout = FakeLayout()
        layout.files = [name: [1]]
        let header = TarRecord.header(TreePath(unchecked: Array(name.utf8)), size: 1)
        try bench.write("bad.tar", header + [1] + [UInt8](repeating: 0, count: 511 + 1024))
        #expect(throws: ImageError.self) { try importPath("bad.tar") }
    }
}
