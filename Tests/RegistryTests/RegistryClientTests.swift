import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Registry

@Suite("A registry that misbehaves", .timeLimit(.minutes(10))) final class RegistryClientTests {
    private let folder: ScratchFolder
    private let server: WebServer
    private let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ ($0 >> 8)) }

    init() throws {
        folder = try ScratchFolder(in: "/tmp")
        server = try WebServer(in: folder.path)
    }

    private var name: String { "127.0.0.1:\(server.port)/team/app:1" }

    private func session(_ environment: String...) -> RegistrySession {
        var settings = RegistrySettings(
            userAgent: "layerbuild/test", credentials: CredentialPlaces(environment: environment))
        settings.http.idleTimeout = 1
        return RegistrySession(settings)
    }

    private func client(_ environment: String...) throws -> RegistryClient {
        let session = environment.isEmpty ? session() : session(environment[0])
        return try session.client(for: try #require(Reference(name)))
    }

    private func misbehave(_ faults: String) throws {
        let url = try #require(URL(server.address("/faults")))
        let transport = HTTPTransport(HTTPConfiguration(userAgent: "test"))
        _ = try transport.send(HTTPRequest(.post, url, body: .bytes(Array(faults.utf8))), limit: 10)
    }

    private var blob: Descriptor {
        Descriptor(mediaType: .layer, digest: Digest.of(contents), size: Int64(contents.count))
    }

    private func push(_ client: RegistryClient, from origins: [String] = []) throws -> RegistryClient.Arrival {
        try client.push(blob, origins: origins) { (buffer, offset) throws(SyscallError) in
            let stretch = self.contents[Int(offset)...].prefix(buffer.count)
            buffer.copyBytes(from: stretch)
            return stretch.count
        }
    }

    private func download(_ client: RegistryClient) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try client.download(blob) { (part) throws(SyscallError) in bytes.append(contentsOf: part) }
        return bytes
    }

    private func expect(_ faults: String, _ body: () throws -> Void, _ isExpected: (RegistryError) -> Bool) throws {
        try misbehave(faults)
        do {
            try body()
            Issue.record("\(faults): nothing was noticed")
        } catch let error as RegistryError {
            #expect(isExpected(error), "\(error)")
        } catch let failure as RegistryFailure<SyscallError> {
            guard case .registry(let error) = failure else {
                Issue.record("\(failure)")
                return
            }
            #expect(isExpected(error), "\(error)")
        }
    }

    @Test("A blob is sent once, found the second time, and taken over by another repository") func arrivals() throws {
        let client = try client()
        #expect(try push(client) == .uploaded)
        #expect(try push(client) == .present)
        let other = try session().client(for: try #require(Reference("127.0.0.1:\(server.port)/team/other")))
        #expect(try push(other, from: ["team/app"]) == .mounted)
        #expect(try server.requests().filter { $0.contains("\"body\": 300000") }.count == 1)
        #expect(try download(client) == contents)
    }

    @Test("A page that says yes to everything says nothing of a blob") func pageForBlob() throws {
        let client = try client()
        try misbehave(#"{"html": true}"#)
        #expect(try !client.has(blob))
        try misbehave("{}")
        #expect(try push(client) == .uploaded)
        #expect(try client.has(blob))
    }

    @Test(
        "A transfer that breaks is taken up where it broke",
        arguments: ["", #","range":"ignored""#, #","range":"wrong""#])
    func resumed(range: String) throws {
        let client = try client()
        _ = try push(client)
        try misbehave(#"{"drop": 100000\#(range)}"#)
        if range.isEmpty {
            #expect(try download(client) == contents)
        } else {
            // Whoever always drops the whole in the middle never gets to its end; nothing wrong comes of it.
            #expect(throws: RegistryFailure<SyscallError>.self) { try self.download(client) }
        }
    }

    @Test("Bytes that are not what they are named as are found out") func wrongBlob() throws {
        let client = try client()
        _ = try push(client)
        try expect(#"{"blob": "wrong"}"#, { _ = try self.download(client) }) { error in
            if case .wrongContent = error { true } else { false }
        }
        try expect(#"{"blob": "endless"}"#, { _ = try self.download(client) }) { error in
            if case .http(.tooLong) = error { true } else if case .wrongContent = error { true } else { false }
        }
        try expect(#"{"blob": "silent"}"#, { _ = try self.download(client) }) {
            $0 == .http(.stalled("127.0.0.1:\(self.server.port)"))
        }
    }

    @Test("A blob elsewhere is fetched without the credentials") func elsewhere() throws {
        let otherFolder = try ScratchFolder(in: "/tmp")
        let other = try WebServer(in: otherFolder.path)
        let client = try client()
        _ = try push(client)
        try misbehave(#"{"auth": "bearer", "redirect": "\#(other.address("/echo"))"}"#)
        #expect(throws: RegistryFailure<SyscallError>.self) { try self.download(client) }
        #expect(try server.requests().contains { $0.contains("Bearer T-") })
        #expect(try !other.requests().isEmpty)
        #expect(try !other.requests().contains { $0.contains("Bearer") })
    }

    @Test("A busy server is asked again, and not for ever") func busy() throws {
        let client = try client()
        for code in [429, 500, 503] {
            try misbehave(#"{"busy": 2, "busy_code": \#(code)}"#)
            #expect(try !client.has(blob))
        }
        try expect(#"{"busy": 1000}"#, { _ = try client.has(self.blob) }) { error in
            if case .refused(_, _, 503, _) = error { true } else { false }
        }
    }

    @Test("A manifest is what it is named as, or nothing") func manifests() throws {
        let client = try client()
        let reference = try #require(Reference(name))
        let bytes = Array(#"{"schemaVersion":2,"config":{},"layers":[]}"#.utf8)
        let document = RegistryClient.Document(
            descriptor: Descriptor(mediaType: .manifest, digest: Digest.of(bytes), size: Int64(bytes.count)),
            bytes: bytes)
        try client.push(document, tag: "1")
        #expect(try client.manifest(reference) == document)
        #expect(try client.digest(of: reference) == document.descriptor.digest)
        for faults in [#"{"manifest": "wrong"}"#, #"{"manifest": "wrong-header"}"#] {
            try expect(faults, { _ = try client.manifest(reference) }) { error in
                if case .wrongContent = error { true } else { false }
            }
        }
        try expect(#"{"manifest": "wrong-answer"}"#, { try client.push(document, tag: "2") }) { error in
            if case .wrongContent = error { true } else { false }
        }
        try misbehave(#"{"manifest": "mute"}"#)
        try client.push(document, tag: "2")
        // What stands before a registry and wants a login may say yes to everything.
        try expect(#"{"html": true}"#, { try client.push(document, tag: "2") }) { error in
            if case .wrongContent = error { true } else { false }
        }
        try expect(#"{"html": true}"#, { try client.check() }) { error in
            if case .notARegistry = error { true } else { false }
        }
        for faults in [#"{"html": true}"#, #"{"type": "application/vnd.docker.distribution.manifest.v1+prettyjws"}"#] {
            try expect(faults, { _ = try client.manifest(reference) }) { error in
                if case .notARegistry = error { true } else { false }
            }
        }
        try expect(#"{"manifest": "endless"}"#, { _ = try client.manifest(reference) }) { error in
            if case .http(.tooLong) = error { true } else { false }
        }
    }

    @Test("An image that is not there is said to be not there") func unknown() throws {
        let reference = try #require(Reference(name))
        #expect(throws: RegistryError.unknown("image `team/app:1`", host: "127.0.0.1:\(server.port)")) {
            try client().manifest(reference)
        }
    }

    @Test("An upload goes nowhere but to the registry, and what it took is what it was sent") func uploads() throws {
        let client = try client()
        try expect(#"{"location": "http://169.254.169.254/x/"}"#, { _ = try self.push(client) }) { error in
            if case .untrustedAddress = error { true } else { false }
        }
        for faults in [#"{"upload": "wrong"}"#, #"{"upload": "forgotten"}"#] {
            try expect(faults, { _ = try self.push(client) }) { error in
                if case .wrongContent = error { true } else { false }
            }
        }
        let other = try session().client(for: try #require(Reference("127.0.0.1:\(server.port)/x")))
        try misbehave(#"{"upload_busy": 2}"#)
        #expect(try push(other) == .uploaded)
    }

    @Test("A large blob goes in pieces, each once, and the last one ends it") func pieces() throws {
        var client = try client()
        client.pieceSize = 100_000
        #expect(try push(client) == .uploaded)
        #expect(try bodies() == ["PATCH 100000", "PATCH 100000", "PUT 100000"])
        #expect(try download(client) == contents)
    }

    @Test(
        "A piece that breaks is taken up where it broke, or the whole is sent again",
        arguments: zip(
            [0.0, 0.4, 1.0],
            [
                ["PATCH 100000", "PATCH 100000", "PATCH 100000", "PUT 100000"],
                ["PATCH 100000", "PATCH 60000", "PATCH 100000", "PUT 100000"],
                ["PATCH 100000", "PATCH 100000", "PUT 100000"],
            ]))
    func brokenPiece(arrived: Double, sent: [String]) throws {
        var client = try client()
        client.pieceSize = 100_000
        try misbehave(#"{"cut": 1, "cut_at": \#(arrived)}"#)
        #expect(try push(client) == .uploaded)
        #expect(try bodies() == sent)
        #expect(try download(client) == contents)
    }

    @Test("A registry that takes nothing of what it is sent is not sent it for ever") func stuckUpload() throws {
        var client = try client()
        client.pieceSize = 100_000
        try expect(#"{"upload": "stuck"}"#, { [client] in _ = try self.push(client) }) { error in
            if case .notARegistry = error { true } else { false }
        }
    }

    @Test("A registry that keeps a crumb of each piece is not sent all pieces once more for each") func crumbs() throws
    {
        var client = try client()
        client.pieceSize = 100_000
        try expect(#"{"upload": "crumbs"}"#, { [client] in _ = try self.push(client) }) { error in
            if case .notARegistry = error { true } else { false }
        }
        #expect(try bodies().count <= Pause.maximumTries)
    }

    @Test("A blob that comes in drops counts as one that does not come") func trickling() throws {
        let client = try client()
        _ = try push(client)
        try expect(#"{"blob": "trickling"}"#, { _ = try self.download(client) }) {
            $0 == .http(.stalled("127.0.0.1:\(self.server.port)"))
        }
    }

    @Test("A registry that has all of a blob may take its time for it") func slowHashing() throws {
        var client = try client()
        // Ten seconds beyond the one of silence.
        client.digestionRate = blob.size / 10
        try misbehave(#"{"hashing": 2.5}"#)
        #expect(try push(client) == .uploaded)
        #expect(try bodies() == ["PUT \(contents.count)"])
    }

    /// What was sent to the registry, with its size.
    private func bodies() throws -> [String] {
        try server.requests().compactMap { request in
            let match = request.line.firstMatch(of: /"method": "(PATCH|PUT)".*"body": ([0-9]+)/)
            return match.map { "\($0.output.1) \($0.output.2)" }
        }
    }

    @Test("A password is shown to whom it is for, and to nobody else") func credentials() throws {
        let password = Base64.encoded(Array("me:secret".utf8))
        let auth = #"{"auths": {"127.0.0.1:\#(server.port)": {"auth": "\#(password)"}}}"#
        try Folder(opening: folder.path).createFile("auth.json").write(Array(auth.utf8))
        let place = "REGISTRY_AUTH_FILE=\(folder.path)/auth.json"
        for kind in ["basic", "bearer"] {
            try misbehave(#"{"auth": "\#(kind)", "user": "\#(password)"}"#)
            #expect(try !client(place).has(blob))
            try expect(#"{"auth": "\#(kind)", "user": "\#(password)"}"#, { _ = try self.client().has(self.blob) }) {
                error in
                if case .unauthorised(_, _, false) = error { true } else { false }
            }
            try expect(#"{"auth": "\#(kind)", "user": "other"}"#, { _ = try self.client(place).has(self.blob) }) {
                error in
                if case .unauthorised(_, _, true) = error { true } else { false }
            }
        }
        try expect(
            #"{"auth": "bearer", "realm": "http://169.254.169.254/"}"#, { _ = try self.client(place).has(self.blob) }
        ) { error in
            if case .untrustedAddress = error { true } else { false }
        }
        try expect(#"{"auth": "bearer", "token": "endless"}"#, { _ = try self.client().has(self.blob) }) { error in
            if case .http(.tooLong) = error { true } else { false }
        }
    }

    @Test("A mirror is asked first, and the registry if the mirror does not have it") func mirrors() throws {
        var settings = RegistrySettings(userAgent: "test", credentials: CredentialPlaces(environment: []))
        settings.hosts.mirrors = ["docker.io": ["127.0.0.1:\(server.port)/cache"]]
        let readers = try RegistrySession(settings).readers(of: try #require(Reference("debian:12")))
        #expect(readers.map(\.repository) == ["cache/library/debian", "library/debian"])
        #expect(readers.map(\.host) == ["127.0.0.1:\(server.port)", "docker.io"])
    }

    @Test("An alias is asked instead, with its mirrors") func aliases() throws {
        var settings = RegistrySettings(userAgent: "test", credentials: CredentialPlaces(environment: []))
        let debian = try #require(Reference("debian"))
        settings.hosts.aliases = [
            .init(of: debian): .init(of: try #require(Reference("127.0.0.1:1/base/debian")))
        ]
        settings.hosts.mirrors = ["127.0.0.1:1": ["127.0.0.1:2"]]
        let session = RegistrySession(settings)
        let readers = try session.readers(of: try #require(Reference("debian:12")))
        #expect(
            readers.map { "\($0.host)/\($0.repository)" } == ["127.0.0.1:2/base/debian", "127.0.0.1:1/base/debian"])
        #expect(try session.readers(of: try #require(Reference("busybox"))).map(\.host) == ["docker.io"])
        #expect(try session.client(for: debian).host == "docker.io")
    }

    @Test("Only this machine and hosts that were named are met without TLS") func security() throws {
        let hosts = RegistryHosts(insecure: ["plain.example:5000"])
        #expect(try #require(Endpoint("r.example", hosts)).plainOrigin == nil)
        #expect(try #require(Endpoint("localhost.evil.com", hosts)).plainOrigin == nil)
        #expect(try #require(Endpoint("localhost:5000", hosts)).plainOrigin != nil)
        #expect(try #require(Endpoint("plain.example:5000", hosts)).plainOrigin != nil)
        #expect(try #require(Endpoint("plain.example:5001", hosts)).plainOrigin == nil)
        #expect(try #require(Endpoint("docker.io", hosts)).origin.host == "registry-1.docker.io")
    }

    @Test("A host that only the proxy for plain requests can find is met through it, if it was named as insecure")
    func plainProxy() throws {
        var settings = RegistrySettings(userAgent: "test", credentials: CredentialPlaces(environment: []))
        settings.http.proxies = HTTPConfiguration.Proxies(http: server.address(""))
        let name = try #require(Reference("registry.invalid:5000/app"))
        #expect(throws: RegistryError.http(.unknownHost("registry.invalid"))) {
            try RegistrySession(settings).client(for: name).check()
        }
        settings.hosts.insecure = ["registry.invalid:5000"]
        try RegistrySession(settings).client(for: name).check()
    }
}
