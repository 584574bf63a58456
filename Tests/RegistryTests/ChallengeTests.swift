import Testing

@testable import Registry

@Suite("Challenge") struct ChallengeTests {
    private func challenge(_ fields: String...) -> Challenge? {
        var headers = HTTPHeaders()
        for field in fields { headers.add("WWW-Authenticate", field) }
        return Challenge(headers)
    }

    @Test("A token server is read with its service and scopes") func bearer() throws {
        let found = challenge(
            #"Bearer realm="https://auth.example/token?a=b,c",service="it's \"this\"",scope="repository:a:pull,push x""#
        )
        guard case .bearer(let bearer)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(bearer.realm == "https://auth.example/token?a=b,c")
        #expect(bearer.service == #"it's "this""#)
        #expect(bearer.scopes == ["repository:a:pull,push", "x"])
    }

    @Test("A token is taken before a password, in one field or in two") func choice() throws {
        for found in [
            challenge(#"Basic realm="a", Bearer realm="https://b/""#),
            challenge(#"basic realm="a""#, #"BEARER realm=https://b/"#),
        ] {
            guard case .bearer(let bearer)? = found else {
                Issue.record("\(String(describing: found))")
                continue
            }
            #expect(bearer.realm == "https://b/")
        }
        #expect(challenge(#"Basic realm="a""#) == .basic)
    }

    @Test(
        "What nobody can answer is no challenge",
        arguments: ["", "Negotiate", "Bearer", ",,,", "Digest realm=x", "=", "\""])
    func unknown(text: String) { #expect(challenge(text) == nil) }

    @Test(
        "A password is sent to a token server that encrypts, or to the same host",
        arguments: [
            ("https://auth.docker.io/token", "https://registry-1.docker.io", true),
            ("https://r.example:8443/token", "https://r.example", true),
            ("http://r.example/token", "https://r.example", false),
            ("http://auth.example/token", "https://r.example", false),
            ("http://169.254.169.254/latest", "https://r.example", false),
            ("https://169.254.169.254/latest", "https://r.example", false),
            ("https://[fd00::1]/token", "https://r.example", false),
            ("https://localhost/token", "https://r.example", false),
            ("https://2130706433/token", "https://r.example", false),
            ("file:///etc/passwd", "https://r.example", false),
            ("http://localhost:5001/token", "http://127.0.0.1:5000", true),
            ("http://r.local/token", "http://r.local:5000", true),
            ("http://other.local/token", "http://r.local:5000", false),
        ])
    func realm(realm: String, registry: String, isTrusted: Bool) throws {
        let origin = try #require(URL(registry)).origin
        #expect((BearerChallenge(["realm": realm])?.server(for: origin) != nil) == isTrusted)
    }
}
