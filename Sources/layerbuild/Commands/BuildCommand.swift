import ArgumentParser
import Builder
import Frontend
import Glibc
import Linux
import OCI
import Store
import SystemPackage

struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "build", abstract: "Builds an image.")

    @Option(name: [.short, .long]) var file: String?
    @Option(name: [.short, .long]) var tag: [String] = []
    @Option(name: [.short, .long]) var output: [String] = []
    @Option var target: String?
    @Option var buildArg: [String] = []
    @Option var buildContext: [String] = []
    @Option var label: [String] = []
    @Flag var noCache = false
    @Option var compression: String?
    @Option var network: String?
    @Option var jobs = 4
    @ArgumentParser.Argument var context: String

    func run() async throws {
        setlocale(LC_CTYPE, "C.UTF-8")
        umask(0o022)
        let now = Int64(time(nil))
        let cwd = FilePath(String(cString: getcwd(nil, 0)))
        var request = BuildRequest(context: .folder(FilePath(context)), currentDirectory: cwd, startedAt: now)
        if let file { request.recipe = .file(FilePath(file)) }
        request.tags = tag.compactMap { Reference($0) }
        request.plan.target = target
        for arg in buildArg {
            let p = arg.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            request.plan.arguments[p[0]] = p.count > 1 ? p[1] : nil
        }
        for arg in label {
            let p = arg.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            request.plan.labels.append(.init(name: p[0], value: p.count > 1 ? p[1] : ""))
        }
        for arg in buildContext {
            let p = arg.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if p[1].hasPrefix("docker-image://") {
                request.namedContexts[p[0]] = .name(String(p[1].dropFirst(15))); request.plan.imageContexts.insert(p[0])
            } else {
                request.namedContexts[p[0]] = .path(cwd.pushing(FilePath(p[1])))
                var st = stat()
                stat(p[1], &st)
                if st.st_mode & S_IFMT == S_IFDIR {
                    request.plan.folderContexts.insert(p[0])
                } else {
                    request.plan.imageContexts.insert(p[0])
                }
            }
        }
        if let compression {
            request.compression = .init(algorithm: .init(rawValue: compression) ?? .zstd, isExplicit: true)
        }
        for o in output {
            var form = Output.Form.image
            var dest = o
            if o.hasPrefix("type=") {
                for p in o.split(separator: ",") {
                    if p.hasPrefix("type=") { form = .init(rawValue: String(p.dropFirst(5))) ?? .image }
                    if p.hasPrefix("dest=") { dest = String(p.dropFirst(5)) }
                }
            }
            request.outputs.append(Output(form: form, destination: .path(cwd.pushing(FilePath(dest)))))
        }
        if let e = getenv("SOURCE_DATE_EPOCH") { request.epoch = Int64(String(cString: e)) }
        request.useCache = !noCache
        request.jobs = jobs
        let root = getenv("LAYERBUILD_ROOT").map { String(cString: $0) } ?? "/var/lib/layerbuild"
        let store = try Store.open(at: FilePath(root), now: now)
        let interruption = try Interruption.ofSignals()
        let source = SourceBox()
        do {
            let report = try await Build(request, in: store, interruption: interruption) { event in
                if case .recipe(let s) = event { source.value = s }
                if case .step(let id, .output(let bytes, _)) = event {
                    say("#\(id.index) " + String(decoding: bytes, as: UTF8.self))
                } else {
                    say("\(event)\n".prefix(200) + "\n")
                }
            }.run()
            print(report.image.manifest.digest)
        } catch let e as BuildError {
            say(
                "error[\(e.code)]: \(e.message) \(e.hint ?? "") \(e.details.joined(separator: "\n")) \(e.span.map { "\($0)" } ?? "")\n"
            )
            throw ExitCode(1)
        }
    }
}
final class SourceBox: @unchecked Sendable { var value: RecipeSource? }

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "Puts an image into the store.")
    @Option(name: [.short, .long]) var tag: [String] = []
    @ArgumentParser.Argument var path: String

    func run() async throws {
        setlocale(LC_CTYPE, "C.UTF-8")
        let now = Int64(time(nil))
        let root = getenv("LAYERBUILD_ROOT").map { String(cString: $0) } ?? "/var/lib/layerbuild"
        let store = try Store.open(at: FilePath(root), now: now)
        let image = try ImageImporter(store: store, platform: .host, threads: 2).importImage(
            from: .path(FilePath(path)), named: tag.compactMap { Reference($0) })
        print(image.root.digest)
    }
}

func say(_ s: String) { let b = Array(s.utf8); _ = b.withUnsafeBytes { write(2, $0.baseAddress, $0.count) } }
