import Frontend
import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("An output that is begun while its layers are packed")
struct OutputDraftTests {
    private let bench: ImageBench
    private let output: Output

    init() throws {
        bench = try ImageBench()
        output = Output(form: .image, destination: .path(bench.appending("begun.tar")))
    }

    /// For an image of so many steps, each of which makes a layer.
    private func draft(steps: Int, to path: FilePath? = nil) throws -> OutputDraft {
        var request = BuildRequest(context: .empty, currentDirectory: bench.path, startedAt: 0)
        request.outputs = [path.map { Output(form: .image, destination: .path($0)) } ?? output]
        let history = (0..<steps).map { PlannedHistory(createdBy: "step", step: StepID(index: $0)) }
        let config = ImageConfig(platform: Platform(os: "linux", architecture: "amd64"))
        let image = PlannedImage(fileSystem: .scratch, config: config, history: history)
        return try #require(OutputDraft(request, [image], [], bench.store))
    }

    private struct NoPlace: Error {}

    private func place(_ step: Int, over layers: [DiffID], in draft: OutputDraft) throws -> FileTwin {
        guard let copy = draft.begin(StepID(index: step), over: layers) else { throw NoPlace() }
        return copy
    }

    /// Packs a layer with one file, into the draft too.
    private func pack(
        _ contents: String, _ step: Int, over layers: [DiffID], into draft: OutputDraft
    ) throws -> WrittenLayer {
        let packer = LayerPacker(store: bench.store, compression: .standard, threads: 1)
        let copy = try place(step, over: layers, in: draft)
        let layer = try packer.pack(copyingTo: copy) { writer throws(BuildError) in
            try Self.write(contents, to: &writer)
        }
        let written = try #require(layer, "the layer has an entry")
        draft.end(written)
        return written
    }

    private static func write(_ contents: String, to writer: inout LayerWriter) throws(BuildError) {
        let entry = TarEntry(TreePath(normalising: "file"), .file(size: Int64(contents.utf8.count)), mode: 0o644)
        try fromLayers { () throws(LayerError) in try writer.write(entry, bytes: Array(contents.utf8)) }
    }

    private func image(_ layers: [DiffID]) throws -> BuiltImage {
        let lines = layers.map { ImageAssembler.Line(createdBy: "step", step: .init(layer: $0, created: 0)) }
        let config = ImageConfig(platform: Platform(os: "linux", architecture: "amd64"))
        let assembler = ImageAssembler(base: nil, config: config, lines: lines, epoch: nil)
        return BuiltImage(try assembler.assemble(with: bench.encoder, in: bench.store))
    }

    /// Finishes the draft and expects the bytes that an export has without one. Returns how many members were there.
    private func expectSame(_ image: BuiltImage, as draft: OutputDraft) throws -> Int? {
        let exporter = LayoutExporter(store: bench.store, encoder: bench.encoder)
        let archive = try exporter.archive(of: image, named: [], as: .image)
        guard let begun = draft.take(for: output, archive) else { return nil }
        let members = begun.members
        try exporter.write(archive, to: begun, for: .disk) { _ in }
        _ = try begun.finished().commit(.disk)
        let whole = Output(form: .image, destination: .path(bench.appending("whole.tar")))
        _ = try bench.exporter.export(image, named: [], to: whole)
        #expect(try bench.read("begun.tar") == bench.read("whole.tar"))
        return members
    }

    @Test("Layers that are packed into it are there, and the bytes are the same")
    func layers() throws {
        let draft = try draft(steps: 2)
        let first = try pack("one", 0, over: [], into: draft)
        let second = try pack("two", 1, over: [first.diffID], into: draft)
        #expect(try expectSame(try image([first.diffID, second.diffID]), as: draft) == 4)
    }

    @Test("Layers below that were there before are put into it first")
    func below() throws {
        let below = try bench.layer("etc/below", "below")
        let draft = try draft(steps: 2)
        let layer = try pack("one", 1, over: [below], into: draft)
        #expect(try expectSame(try image([below, layer.diffID]), as: draft) == 4)
    }

    @Test("The same layer twice is there once")
    func twice() throws {
        let draft = try draft(steps: 3)
        let layer = try pack("one", 0, over: [], into: draft).diffID
        #expect(try pack("one", 1, over: [layer], into: draft).diffID == layer)
        let last = try pack("two", 2, over: [layer, layer], into: draft)
        #expect(try expectSame(try image([layer, layer, last.diffID]), as: draft) == 4)
    }

    @Test("A step that made no layer leaves no trace")
    func nothing() throws {
        let draft = try draft(steps: 2)
        _ = try place(0, over: [], in: draft)
        draft.end(nil)
        let layer = try pack("one", 1, over: [], into: draft)
        #expect(try expectSame(try image([layer.diffID]), as: draft) == 3)
    }

    @Test("There is no place for a second layer at once, for another stage's, and for one over what is not packed")
    func places() throws {
        let draft = try draft(steps: 2)
        #expect(throws: NoPlace.self) { _ = try place(2, over: [], in: draft) }
        #expect(throws: NoPlace.self) { _ = try place(1, over: [DiffID(.of([1]))], in: draft) }
        _ = try place(0, over: [], in: draft)
        #expect(throws: NoPlace.self) { _ = try place(1, over: [], in: draft) }
    }

    @Test("There is none where it would take the room that steps may need", .enabled(if: geteuid() == 0, "needs root"))
    func room() throws {
        let memory = try Mount.memory(size: 64 << 20)
        let folder = try memory.folder()
        let draft = try draft(steps: 1, to: FilePath("/proc/self/fd/\(folder.number)/begun.tar"))
        #expect(throws: NoPlace.self) { _ = try place(0, over: [], in: draft) }
        #expect(try folder.entries().isEmpty)
    }

    @Test("What is not the beginning of the image is dropped")
    func other() throws {
        let draft = try draft(steps: 1)
        _ = try pack("one", 0, over: [], into: draft)
        #expect(try expectSame(try image([try bench.layer("etc/other", "other")]), as: draft) == nil)
    }

    @Test("What is not the whole blob is dropped")
    func cutOff() throws {
        let draft = try draft(steps: 1)
        let packer = LayerPacker(store: bench.store, compression: .standard, threads: 1)
        let written = try packer.pack { writer throws(BuildError) in try Self.write("one", to: &writer) }
        let layer = try #require(written)
        _ = try place(0, over: [], in: draft)
        draft.end(layer)
        #expect(try expectSame(try image([layer.diffID]), as: draft) == nil)
    }

    @Test("Nothing is to be seen before it is complete, nor if it never is")
    func unseen() throws {
        let before = Set(try bench.names())
        do {
            let draft = try draft(steps: 1)
            _ = try pack("one", 0, over: [], into: draft)
            #expect(Set(try bench.names()) == before)
        }
        #expect(Set(try bench.names()) == before)
    }

    @Test("A FIFO is left for the export to open: who reads from it is not told that nothing comes")
    func fifo() throws {
        try bench.shell("mkfifo begun.tar")
        let reader = try File(opening: bench.appending("begun.tar"), O_RDONLY | O_NONBLOCK)
        #expect(throws: NoPlace.self) { _ = try place(0, over: [], in: try draft(steps: 1)) }
        var asked = pollfd(fd: reader.number, events: Int16(POLLIN), revents: 0)
        #expect(poll(&asked, 1, 0) == 0, "nobody wrote, and nobody hung up")
    }

    @Test("There is none for several images, for a folder, for a stream and where layers are squashed")
    func none() throws {
        var request = BuildRequest(context: .empty, currentDirectory: bench.path, startedAt: 0)
        let image = PlannedImage(
            fileSystem: .scratch, config: ImageConfig(platform: Platform(os: "linux", architecture: "amd64")))
        request.outputs = [output]
        #expect(OutputDraft(request, [image, image], [], bench.store) == nil)
        request.squash = .everything
        #expect(OutputDraft(request, [image], [], bench.store) == nil)
        request.squash = .nothing
        request.outputs = [
            Output(form: .ociFolder, destination: .path(bench.appending("folder"))),
            Output(form: .image, destination: .standardOutput),
        ]
        #expect(OutputDraft(request, [image], [], bench.store) == nil)
    }
}
