import Glibc
import Linux
import SystemPackage
import Testing

/// A folder of a test's own, with a store in it, in which the built program is tried. Removed with the test.
final class Bench: Sendable {
    let path: FilePath
    /// The store's folder.
    let root: FilePath

    /// The store is at `root`, or in the folder if that is `nil`.
    init(root: FilePath? = nil) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/layerbuild-try.XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
        path = FilePath(platformString: try #require(made))
        self.root = root ?? path.appending("store")
        try Folder(opening: path).makeFolder("context")
    }

    deinit {
        guard let name = path.lastComponent else { return }
        try? Folder(opening: path.removingLastComponent()).removeTree(FilePath(root: nil, [name]))
    }

    /// The program to try: `LAYERBUILD`, or what a debug build of this package has made.
    static let program: FilePath = {
        if let named = getenv("LAYERBUILD") { return FilePath(platformString: named) }
        return repository.appending(".build/debug/layerbuild")
    }()

    /// The folder that this package lies in.
    static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    /// What the program and the tools find in their environment. Times are fixed, so that digests can be compared.
    var environment: [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        return [
            "PATH=\(path)", "HOME=\(self.path)", "TMPDIR=\(self.path)", "LC_ALL=C.UTF-8", "LAYERBUILD_ROOT=\(root)",
            "SOURCE_DATE_EPOCH=1700000000", "HOSTSECRET=\(Self.secret)", "SWIFT_BACKTRACE=enable=no",
        ]
    }

    /// A value in the caller's environment that no step may see.
    static let secret = "kept-\(getpid())-by-the-host"
}

// Files
extension Bench {
    func appending(_ name: String) -> FilePath { path.appending(name) }

    /// Writes a file; its folder is made if it is not there.
    func write(_ name: String, _ bytes: [UInt8], mode: UInt16 = 0o644) throws {
        let place = FilePath(name)
        let home = try Folder(opening: path)
        var folder = FilePath()
        for component in place.removingLastComponent().components {
            folder.append(component)
            if try home.status(of: folder) == nil { try home.makeFolder(folder) }
        }
        if try home.status(of: place) != nil { try home.unlink(place) }
        let file = try home.createFile(place, mode: mode)
        try file.write(bytes)
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func read(_ name: String) throws -> [UInt8] { try File(opening: appending(name)).readAll(limit: 1 << 28) }

    func exists(_ name: String) -> Bool { access(appending(name).string, F_OK) == 0 }

    /// The names in a folder.
    func names(in folder: String) throws -> [String] {
        try Folder(opening: appending(folder)).entries().map { String(decoding: $0.name, as: UTF8.self) }
    }

    /// Runs a script in the folder and returns what it printed, without the line end.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let running = try Running(["bash", "-euo", "pipefail", "-c", script], on: self, in: path)
        let outcome = try running.finish()
        guard outcome.exitCode == 0 else { throw ToolFailure(message: "\(script): \(outcome.error)") }
        return outcome.output.hasSuffix("\n") ? String(outcome.output.dropLast()) : outcome.output
    }
}

// The program
extension Bench {
    /// Starts it in a folder of the bench, as the last words of the command `prefix` if there is one.
    func start(
        _ arguments: [String], in folder: String = "context", by prefix: [String] = [], adding more: [String] = []
    ) throws -> Running {
        try Running(prefix + [Self.program.string] + arguments, on: self, in: appending(folder), adding: more)
    }

    /// Runs it to its end.
    func layerbuild(_ arguments: String..., in folder: String = "context") throws -> Outcome {
        try start(arguments, in: folder).finish()
    }

    /// Builds `recipe` with the folder `context`, in plain form and without an output unless the flags name one.
    func build(_ recipe: String, _ flags: String...) throws -> Outcome {
        try start(try buildArguments(recipe, flags)).finish()
    }

    func buildArguments(_ recipe: String, _ flags: [String]) throws -> [String] {
        try write("Recipe", recipe)
        let output = flags.contains { $0.hasPrefix("-o") } ? [] : ["-o", "type=none"]
        return ["--progress=plain", "-f", "../Recipe"] + output + flags + ["."]
    }

    /// Brings busybox into the store, under the name that the recipes use.
    func importBase() throws {
        try write("base.tar", try Base.tar())
        let outcome = try layerbuild("import", "../base.tar", "-t", "busybox:latest")
        try #require(outcome.exitCode == 0, "\(outcome)")
    }
}

/// A tool that a test needs did not do what it should.
struct ToolFailure: Error {
    let message: String
}

extension Trait where Self == ConditionTrait {
    /// Mounting, and owners of every kind, are the superuser's.
    static var needsRoot: Self { .enabled(if: geteuid() == 0, "needs root") }
}
