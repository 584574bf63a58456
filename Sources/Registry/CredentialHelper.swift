import Glibc
import Linux
import OCI
import SystemPackage

/// A program `docker-credential-NAME` that keeps credentials (docker-credential-helpers, "Development").
struct CredentialHelper {
    /// Seconds that it may take: somebody may have to type a password for it.
    private static let patience = 30
    /// More it has not to say.
    private static let limit = 64 << 10
    /// What it says if it knows of no such registry.
    private static let ignorance = "credentials not found in native keychain"

    private let program: String
    private let environment: [String]

    init(_ name: String, environment: [String]) throws(RegistryError) {
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
            throw .credentials("`\(name)` is no name of a credential helper")
        }
        program = "docker-credential-\(name)"
        self.environment = environment
    }

    /// `nil` if it has none.
    func credentials(for host: String) throws(RegistryError) -> Credentials? {
        let (status, output) = try run("get", input: CredentialFile.key(host))
        guard status == .exited(0) else {
            if String(decoding: output, as: UTF8.self).hasPrefix(Self.ignorance) { return nil }
            throw .credentials("`\(program) get` did not tell the credentials for `\(host)`")
        }
        guard let object = try? JSONValue.parse(output).object, let secret = object["Secret"]?.string,
            let user = object["Username"]?.string
        else {
            throw .credentials("`\(program) get` told something else than credentials for `\(host)`")
        }
        return user == "<token>" ? .identityToken(secret) : .password(user: user, password: secret)
    }

    func store(_ host: String, user: String, password: String) throws(RegistryError) {
        let object: JSONValue = [
            "ServerURL": .string(CredentialFile.key(host)), "Username": .string(user),
            "Secret": .string(password),
        ]
        let (status, _) = try run("store", input: String(decoding: object.serialised(), as: UTF8.self))
        guard status == .exited(0) else {
            throw .credentials("`\(program) store` did not take the credentials")
        }
    }

    func erase(_ host: String) throws(RegistryError) {
        let (status, _) = try run("erase", input: CredentialFile.key(host))
        guard status == .exited(0) else {
            throw .credentials("`\(program) erase` did not forget the credentials for `\(host)`")
        }
    }

    /// Runs it with something to read, and takes what it writes. Nothing of either is ever part of a message.
    private func run(_ verb: String, input: String) throws(RegistryError) -> (ExitStatus, [UInt8]) {
        do throws(SyscallError) {
            let asked = try File.scratch(in: "/tmp")
            try asked.write(Array(input.utf8))
            try asked.seek(to: 0)
            var pipe = try Pipe()
            let streams = Streams(
                input: try asked.handle.duplicate(), output: try pipe.takeWritingEnd(),
                error: try Streams.null())
            let child = try ChildProcess(
                SpawnPlan(arguments: [program, verb], environment: environment), streams)
            guard let output = try read(pipe.reading) else {
                try child.kill()
                _ = try child.wait()
                throw SyscallError(program, verb, .timedOut)
            }
            return (try child.wait(), output)
        } catch {
            throw .credentials(
                error.errno == .timedOut
                    ? "`\(program) \(verb)` does not come to an end"
                    : "`\(program)` cannot be run: \(error.errno)")
        }
    }

    /// Everything until the end; `nil` if that takes too long, or is too much.
    private func read(_ pipe: borrowing OwnedDescriptor) throws(SyscallError) -> [UInt8]? {
        let file = File(try pipe.duplicate())
        let end = ContinuousClock.now.advanced(by: .seconds(Self.patience))
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            let rest = ContinuousClock.now.duration(to: end).components.seconds
            var ready = pollfd(fd: pipe.number, events: Int16(POLLIN), revents: 0)
            guard rest >= 0, poll(&ready, 1, Int32(rest * 1000 + 999)) > 0 else { return nil }
            let count = try file.read(into: chunk)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.limit else { return nil }
        }
    }
}
