import Linux
package import SystemPackage

/// `server.py`, running: a web server on loopback that behaves as badly as it is asked to. Gone with its owner.
package final class WebServer: Sendable {
    /// What it was asked.
    package struct Request: Sendable {
        /// The line of its log: an object in JSON.
        package let line: String

        package func contains(_ text: String) -> Bool { line.contains(text) }
    }

    private static let script = FilePath(#filePath).removingLastComponent().appending("server.py")

    package let port: UInt16
    private let process: ChildProcess
    private let log: FilePath

    /// Starts it; `folder` is for its log. With a certificate and its key it speaks TLS.
    package init(in folder: FilePath, certificate: FilePath? = nil, key: FilePath? = nil) throws {
        log = folder.appending("requests")
        var pipe = try Pipe()
        let streams = Streams(
            input: try Streams.null(), output: try pipe.takeWritingEnd(), error: try Streams.null())
        let arguments = ["python3", Self.script.string, log.string] + [certificate, key].compactMap { $0?.string }
        process = try ChildProcess(SpawnPlan(arguments: arguments), streams)
        var line: [UInt8] = []
        var buffer: [UInt8] = [0]
        let output = File(try pipe.reading.duplicate())
        while try buffer.withUnsafeMutableBytes({ try output.read(into: $0) }) == 1, buffer[0] != 10 {
            line.append(buffer[0])
        }
        guard let port = UInt16(String(decoding: line, as: UTF8.self)) else {
            throw SyscallError("python3", Self.script, .noSuchFileOrDirectory)
        }
        self.port = port
    }

    /// The address of `path` at this server.
    package func address(_ path: String, scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(port)\(path)"
    }

    /// Every request so far.
    package func requests() throws -> [Request] {
        guard let file = try? File(opening: log) else { return [] }
        return String(decoding: try file.readAll(limit: 16 << 20), as: UTF8.self)
            .split(separator: "\n").map { Request(line: String($0)) }
    }
}
