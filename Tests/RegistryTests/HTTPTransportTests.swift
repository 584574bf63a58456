import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Registry

@Suite("HTTP transport", .timeLimit(.minutes(10))) final class HTTPTransportTests {
    private struct Enough: Error {}

    private let folder: ScratchFolder
    private let server: WebServer
    private let transport: HTTPTransport

    init() throws {
        folder = try ScratchFolder(in: "/tmp")
        server = try WebServer(in: folder.path)
        var configuration = HTTPConfiguration(userAgent: "layerbuild/test")
        configuration.idleTimeout = 1
        transport = HTTPTransport(configuration)
    }

    private func request(_ path: String, _ method: HTTPRequest.Method = .get) throws -> HTTPRequest {
        HTTPRequest(method, try #require(URL(server.address(path))))
    }

    @Test("A small answer is returned whole, with its head") func small() throws {
        let response = try transport.send(try request("/bytes?count=70000"), limit: 70000)
        #expect(response.status == 200)
        #expect(response.body.count == 70000)
        #expect(response.headers["last-modified"] == "yesterday")
        #expect(try server.requests().last?.contains("layerbuild/test") == true)
    }

    @Test("An answer that is longer than wanted is an error, said or not", arguments: ["/bytes?count=11", "/endless"])
    func tooLong(path: String) throws {
        #expect(throws: HTTPError.tooLong(try request(path).url, limit: 10)) {
            try transport.send(try request(path), limit: 10)
        }
    }

    @Test("What should have been answered by now is not asked for any more") func late() throws {
        var request = try request("/bytes?count=1")
        request.deadline = .now.advanced(by: .seconds(60))
        #expect(try transport.send(request, limit: 1).body.count == 1)
        request.deadline = .now
        let host = request.url.origin.authority
        #expect(throws: HTTPError.stalled(host)) { try self.transport.send(request, limit: 1) }
        #expect(try server.requests().count == 1)
    }

    @Test("A body is sent as it is, whatever the method", arguments: [HTTPRequest.Method.post, .put, .patch])
    func bodies(method: HTTPRequest.Method) throws {
        var request = try request("/echo", method)
        request.body = .bytes(Array("some bytes".utf8))
        #expect(try transport.send(request, limit: 100).body == Array("some bytes".utf8))
        request.body = .none
        #expect(try transport.send(request, limit: 100).body == [])
    }

    @Test("A stream is read as it is sent, and again after a redirection") func stream() throws {
        var request = try request("/redirect?code=307&to=/echo", .put)
        request.body = .stream(count: 60_000)
        let response = try transport.upload(request) { (buffer, offset) throws(Enough) in
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: offset + Int64(index)) }
            return buffer.count
        }
        #expect(response.status == 200)
        #expect(try server.requests().map { $0.contains("\"body\": 60000") } == [true, true])
    }

    @Test("Whoever sends can stop") func stoppedSending() throws {
        var request = try request("/echo", .put)
        request.body = .stream(count: 300_000)
        #expect(throws: HTTPFailure<Enough>.self) {
            try transport.upload(request) { (_, _) throws(Enough) in throw Enough() }
        }
    }

    @Test("An answer's body is handed over as it comes, and whoever takes it can stop") func download() throws {
        var taken = 0
        let response = try transport.download(try request("/bytes?count=300000"), limit: 1 << 20) {
            (_) throws(Enough) in
        } take: { (bytes) throws(Enough) in
            taken += bytes.count
        }
        #expect(taken == 300_000 && response.contentLength == 300_000)
        #expect(throws: HTTPFailure<Enough>.self) {
            try transport.download(try request("/endless"), limit: 1 << 40) { (_) throws(Enough) in
            } take: { (_) throws(Enough) in
                throw Enough()
            }
        }
    }

    @Test("What is no success is not handed over, and kept to 64 KiB") func failures() throws {
        let response = try transport.download(try request("/endless?code=500"), limit: 1 << 40) { (_) throws(Enough) in
            throw Enough()
        } take: { (_) throws(Enough) in
            throw Enough()
        }
        #expect(response.status == 500 && response.body.count == 64 << 10)
    }

    @Test("Ten redirections are followed, and no more") func loop() throws {
        #expect(throws: HTTPError.tooManyRedirections(try request("/loop").url)) {
            try transport.send(try request("/loop"), limit: 10)
        }
        #expect(try server.requests().count == 11)
    }

    @Test("Credentials do not follow to another server") func credentials() throws {
        let otherFolder = try ScratchFolder(in: "/tmp")
        let other = try WebServer(in: otherFolder.path)
        var request = try request("/redirect?to=\(other.address("/echo"))")
        request.headers["Authorization"] = "Bearer secret"
        #expect(try transport.send(request, limit: 10).status == 200)
        #expect(try server.requests().contains { $0.contains("secret") })
        #expect(try other.requests().count == 1)
        #expect(try !other.requests().contains { $0.contains("secret") })
    }

    @Test("No redirection leads to a file") func file() throws {
        let request = try request("/redirect?to=file:///etc/passwd")
        #expect(throws: HTTPError.badRedirection(from: request.url, target: "file:///etc/passwd")) {
            try transport.send(request, limit: 10)
        }
    }

    @Test("A body that ends early is a broken connection") func short() throws {
        #expect { try transport.send(try request("/short"), limit: 10) } throws: { error in
            if case .broken? = error as? HTTPError { true } else { false }
        }
    }

    @Test("A head without end is cut off") func endlessHead() throws {
        #expect { try transport.send(try request("/endless-head"), limit: 10) } throws: { error in
            if case .broken? = error as? HTTPError { true } else { false }
        }
    }

    @Test("Silence ends the request", arguments: ["/silence", "/silence?after=head"])
    func silence(path: String) throws {
        #expect(throws: HTTPError.stalled("127.0.0.1:\(server.port)")) {
            try transport.send(try request(path), limit: 10)
        }
    }

    @Test("Nobody listening and no such name are told apart") func nobody() throws {
        let closed = HTTPRequest(.get, try #require(URL("http://127.0.0.1:1/")))
        #expect { try transport.send(closed, limit: 1) } throws: { error in
            if case .unreachable? = error as? HTTPError { true } else { false }
        }
        let nameless = HTTPRequest(.get, try #require(URL("http://no-such-host.invalid/")))
        #expect(throws: HTTPError.unknownHost("no-such-host.invalid")) { try transport.send(nameless, limit: 1) }
    }

    @Test("A field cannot end its line") func injection() throws {
        var request = try request("/echo")
        request.headers["Authorization"] = "Bearer x\r\nHost: evil"
        #expect(throws: HTTPError.badRequest(request.url)) { try transport.send(request, limit: 1) }
    }

    @Test("A wish to stop ends a request that is under way") func interruption() throws {
        let interruption = try Interruption()
        let transport = HTTPTransport(HTTPConfiguration(userAgent: "test"), interruption: interruption)
        interruption.request()
        #expect(throws: HTTPError.interrupted) { try transport.send(try request("/silence"), limit: 1) }
    }
}
