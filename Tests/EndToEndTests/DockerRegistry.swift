import Glibc
import Linux
import SystemPackage
import Testing

/// Debian's docker-registry on loopback, with a folder of its own. Gone with its owner.
final class DockerRegistry: Sendable {
    /// `127.0.0.1:port`.
    let host: String
    private let process: ChildProcess
    private let log: FilePath

    /// With `certificate` and `key` it speaks TLS; with `passwords`, a file of htpasswd's, it asks for one.
    init(
        on bench: Bench, name: String = "registry", certificate: FilePath? = nil, key: FilePath? = nil,
        passwords: FilePath? = nil
    ) throws {
        let port = try Self.freePort()
        host = "127.0.0.1:\(port)"
        log = bench.appending("\(name).log")
        var text = """
            version: 0.1
            log: {level: info, accesslog: {disabled: false}}
            storage: {filesystem: {rootdirectory: \(bench.appending("\(name)-blobs"))}}
            http:
              addr: \(host)

            """
        if let certificate, let key { text += "  tls: {certificate: \(certificate), key: \(key)}\n" }
        if let passwords { text += "auth: {htpasswd: {realm: here, path: \(passwords)}}\n" }
        try bench.write("\(name).yml", text)
        let output = File(try File(opening: log, O_WRONLY | O_CREAT | O_APPEND).handle.duplicate())
        let plan = SpawnPlan(
            arguments: ["docker-registry", "serve", bench.appending("\(name).yml").string],
            environment: bench.environment)
        process = try ChildProcess(
            plan,
            Streams(
                input: try Streams.null(), output: try output.handle.duplicate(), error: try output.handle.duplicate()))
        let scheme = certificate == nil ? "http" : "https"
        try bench.shell("curl -ksS --retry 60 --retry-delay 1 --retry-connrefused -o /dev/null \(scheme)://\(host)/v2/")
    }

    /// The lines of its log of accesses that contain all of the words.
    func accesses(_ words: String...) throws -> [Substring] {
        String(decoding: try File(opening: log).readAll(limit: 1 << 26), as: UTF8.self).split(separator: "\n")
            .filter { line in line.contains("HTTP/") && words.allSatisfy { line.contains($0) } }
    }

    private static func freePort() throws -> UInt16 {
        let listener = try Listener()
        return listener.port
    }
}
