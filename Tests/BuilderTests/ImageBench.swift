import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage

@testable import Builder

/// A scratch folder with a store in it, removed with everything when the test is over.
final class ImageBench: Sendable {
    let path: FilePath
    let store: Store

    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/layerbuild-images.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Errno(rawValue: errno) }
        path = FilePath(String(cString: made))
        store = try Store.open(at: path.appending("store"), now: 1_700_000_000)
    }

    deinit {
        if let folder = try? Folder(opening: path.removingLastComponent()), let name = path.lastComponent {
            try? folder.removeTree(FilePath(root: nil, [name]))
        }
    }

    func appending(_ name: String) -> FilePath { path.appending(name) }

    var encoder: LayerEncoder { encoder(CompressionChoice()) }

    func encoder(_ choice: CompressionChoice) -> LayerEncoder {
        LayerEncoder(store: store, choice: choice, threads: 2)
    }

    var exporter: ImageExporter {
        ImageExporter(store: store, encoder: encoder, snapshots: SnapshotProvider(store: store, threads: 2))
    }

    var importer: ImageImporter {
        ImageImporter(store: store, platform: Platform(os: "linux", architecture: "amd64"), threads: 2)
    }

    /// A layer with one file, in the store.
    func layer(_ name: String, _ contents: String, _ compression: Compression = .standard) throws -> DiffID {
        let blob = try store.blobs.newBlob()
        var writer = try LayerWriter(into: try blob.output(), compression: compression, threads: 1)
        let bytes = Array(contents.utf8)
        try writer.write(
            TarEntry(TreePath(normalising: name), .file(size: Int64(bytes.count)), mode: 0o644), bytes: bytes)
        let written = try writer.finish()
        try blob.commit(as: written.digest, size: written.size)
        try store.encodings.add(EncodedLayer(written, compression), of: written.diffID)
        return written.diffID
    }

    /// An image of two layers with a line between them that makes none.
    func image(_ choice: CompressionChoice = CompressionChoice()) throws -> AssembledImage {
        var config = ImageConfig(platform: Platform(os: "linux", architecture: "amd64"))
        config.container.command = ["/bin/sh"]
        let first = try layer("etc/first", "one", choice.compression)
        let second = try layer("etc/second", "two", choice.compression)
        let assembler = ImageAssembler(
            base: nil, config: config,
            lines: [
                ImageAssembler.Line(createdBy: "COPY first /etc/", step: .init(layer: first, created: 1_600_000_000)),
                ImageAssembler.Line(createdBy: "CMD [\"/bin/sh\"]"),
                ImageAssembler.Line(createdBy: "RUN second", step: .init(layer: second, created: 1_600_000_100)),
            ], epoch: nil)
        return try assembler.assemble(with: encoder(choice), in: store)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try File(opening: appending(name), O_WRONLY | O_CREAT | O_TRUNC).write(bytes)
    }

    func read(_ name: String) throws -> [UInt8] { try File(opening: appending(name)).readAll(limit: 1 << 30) }

    /// Names in a folder of the bench.
    func names(in folder: String = "") throws -> [String] {
        try Folder(opening: folder.isEmpty ? path : appending(folder)).entries()
            .map { String(decoding: $0.name, as: UTF8.self) }
    }

    /// Runs a shell command in the bench's folder and returns what it prints.
    @discardableResult
    func shell(_ command: String) throws -> String {
        let output = appending("shell-output")
        let line = "cd '\(path)' && { \(command)\n} >'\(output)' 2>&1"
        var child: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] =
            (["/bin/sh", "-c", line] as [String]).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { throw Errno(rawValue: errno) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let text = String(decoding: try File(opening: output).readAll(limit: 1 << 24), as: UTF8.self)
        guard status == 0 else { throw CommandFailure(command: command, output: text) }
        return text
    }

    struct CommandFailure: Error {
        let command: String
        let output: String
    }

    /// True if a tool is installed.
    static func has(_ tool: String) -> Bool {
        ["/usr/bin", "/bin", "/usr/sbin"].contains { access("\($0)/\(tool)", X_OK) == 0 }
    }
}
