import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Registry

@Suite("TLS", .timeLimit(.minutes(10))) final class TLSTests {
    private let folder: ScratchFolder
    private let certificates: Certificates

    init() throws {
        folder = try ScratchFolder(in: "/tmp")
        certificates = try Certificates(in: folder.path)
    }

    private func server(_ certificate: Certificates.Leaf) throws -> WebServer {
        try WebServer(in: folder.path, certificate: certificate.certificate, key: certificate.key)
    }

    private func transport(trusting authorities: [UInt8] = []) -> HTTPTransport {
        var configuration = HTTPConfiguration(userAgent: "test")
        configuration.authorities = authorities
        return HTTPTransport(configuration)
    }

    private func request(_ server: WebServer) throws -> HTTPRequest {
        HTTPRequest(.get, try #require(URL(server.address("/bytes?count=3", scheme: "https"))))
    }

    @Test("A server is believed if a known authority has signed for its name") func trusted() throws {
        let server = try server(try certificates.leaf(for: "IP:127.0.0.1", days: 2))
        let authority = try File(opening: certificates.authority).readAll(limit: 1 << 20)
        #expect(try transport(trusting: authority).send(try request(server), limit: 3).body.count == 3)
        #expect(throws: HTTPError.self) { try transport().send(try request(server), limit: 3) }
    }

    @Test("An expired certificate and one for another name are not believed", arguments: ["expired", "other"])
    func untrusted(kind: String) throws {
        let leaf = try certificates.leaf(
            for: kind == "other" ? "DNS:other" : "IP:127.0.0.1", days: kind == "other" ? 2 : -1)
        let server = try server(leaf)
        let authority = try File(opening: certificates.authority).readAll(limit: 1 << 20)
        #expect { try transport(trusting: authority).send(try request(server), limit: 3) } throws: { error in
            if case .untrusted? = error as? HTTPError { true } else { false }
        }
        #expect(try server.requests().isEmpty)
    }

    @Test("A host that was named as insecure need not prove who it is") func insecure() throws {
        let server = try server(try certificates.leaf(for: "DNS:other", days: 2))
        var request = try request(server)
        request.trust = .anyone
        #expect(try transport().send(request, limit: 3).status == 200)
    }
}
