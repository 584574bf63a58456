import Testing

@testable import Registry

@Suite("Redirection") struct RedirectionTests {
    private func request(
        _ method: HTTPRequest.Method = .get, _ url: String = "https://a.example/x"
    ) throws -> HTTPRequest {
        var request = HTTPRequest(method, try #require(URL(url)))
        request.headers["Authorization"] = "Bearer secret"
        request.trust = .anyone
        return request
    }

    private func answer(_ status: Int, _ location: String?, to request: HTTPRequest) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers["location"] = location
        return HTTPResponse(status: status, headers: headers, url: request.url, body: [])
    }

    @Test("Credentials and trust stay with the origin they are for") func credentials() throws {
        let request = try request()
        let same = try request.redirected(by: answer(302, "/y", to: request))
        #expect(same?.headers["Authorization"] == "Bearer secret")
        for target in ["https://b.example/y", "https://a.example:444/y", "https://a.example.evil.com/"] {
            let other = try #require(try request.redirected(by: answer(302, target, to: request)))
            #expect(other.headers["Authorization"] == nil)
            #expect(other.trust == .knownAuthorities)
        }
    }

    @Test("What is encrypted stays so") func downgrade() throws {
        let request = try request()
        #expect(throws: HTTPError.badRedirection(from: request.url, target: "http://a.example/")) {
            try request.redirected(by: answer(301, "http://a.example/", to: request))
        }
    }

    @Test("A body, which may hold a token, stays with the origin it is for") func bodies() throws {
        var request = try request(.post)
        request.body = .bytes(Array("refresh_token=secret".utf8))
        #expect(try request.redirected(by: answer(307, "/y", to: request))?.body == request.body)
        let target = "https://b.example/y"
        for body in [request.body, .stream(count: 1)] {
            request.body = body
            #expect(throws: HTTPError.badRedirection(from: request.url, target: target)) {
                try request.redirected(by: answer(307, target, to: request))
            }
        }
    }

    @Test("Only what changes nothing is repeated elsewhere, unless the server says that it may be")
    func methods() throws {
        for method in [HTTPRequest.Method.post, .put, .patch] {
            let request = try request(method)
            #expect(try request.redirected(by: answer(302, "/y", to: request)) == nil)
            #expect(try request.redirected(by: answer(307, "/y", to: request))?.method == method)
        }
    }

    @Test("Without a place to go, or with another status, an answer is the answer") func noRedirection() throws {
        let request = try request()
        #expect(try request.redirected(by: answer(302, nil, to: request)) == nil)
        #expect(try request.redirected(by: answer(304, "/y", to: request)) == nil)
        #expect(try request.redirected(by: answer(201, "/y", to: request)) == nil)
    }
}
