import Glibc
import Linux
import SystemPackage
import Testing

/// A folder for one test, gone with its owner.
final class Scratch {
    let path: FilePath

    init() throws {
        var template = Array("\(String(cString: getenv("TMPDIR") ?? strdup("/tmp")))/layers-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        path = FilePath(platformString: made)
    }

    deinit {
        guard let name = path.lastComponent, let folder = try? Folder(opening: path.removingLastComponent()) else {
            return
        }
        try? folder.removeTree(FilePath(root: nil, [name]))
    }

    /// A new folder in it.
    func folder(_ name: String) throws -> FilePath {
        try Folder(opening: path).makeFolder(FilePath(name))
        return path.appending(name)
    }
}

struct ToolFailure: Error { let message: String }

/// Runs a shell script and returns what it printed; what it printed to the other side is the error.
@discardableResult
func shell(_ script: String, in folder: FilePath = "/") throws -> String {
    let scratch = try Scratch()
    let (out, err) = (scratch.path.appending("out"), scratch.path.appending("err"))
    let command = "cd '\(folder)' && { \(script)\n} >'\(out)' 2>'\(err)'"
    var pid: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("bash"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    let started = posix_spawnp(&pid, "bash", nil, nil, arguments, environ)
    guard started == 0 else { throw ToolFailure(message: "bash does not start: \(started)") }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    guard status == 0 else { throw ToolFailure(message: "\(script): \(try text(err)) \(try text(out))") }
    return try text(out)
}

private func text(_ path: FilePath) throws -> String {
    String(decoding: try File(opening: path).readAll(limit: 1 << 26), as: UTF8.self)
}

/// True where overlays can be mounted and any owner be set.
let isRoot = geteuid() == 0
