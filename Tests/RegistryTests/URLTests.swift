import Testing

@testable import Registry

@Suite("URL") struct URLTests {
    @Test(
        "An address is read into one spelling",
        arguments: [
            ("http://Example.COM", "http://example.com/"),
            ("https://example.com:443/a", "https://example.com/a"),
            ("http://example.com:8080/a/./b/../c?q=1#part", "http://example.com:8080/a/c?q=1"),
            ("HTTP://[::1]:5000/v2/", "http://[::1]:5000/v2/"),
            ("http://example.com/caf\u{e9}", "http://example.com/caf%C3%A9"),
            ("http://example.com?q", "http://example.com/?q"),
        ])
    func spelling(text: String, expected: String) { #expect(URL(text)?.description == expected) }

    @Test(
        "What could be understood in two ways is no address",
        arguments: [
            "", "example.com", "file:///etc/passwd", "gopher://example.com/", "http://", "http:///path",
            "http://user:password@example.com/", "http://example.com\\@evil.com/", "http://example.com:99999/",
            "http://example.com:0/", "http://example.com:/x y", "http://exa mple.com/",
            "http://example.com/a\r\nHost: evil",
            "http://[::1", "http://[evil]/", "http://\u{e9}vil.com/", "http://example.com:80a/",
        ])
    func refused(text: String) { #expect(URL(text) == nil) }

    @Test(
        "A reference is resolved as RFC 3986 works it out",
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../../../g", "http://a/g"),
            ("https://b/x", "https://b/x"),
        ])
    func resolution(reference: String, expected: String) throws {
        let base = try #require(URL("http://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.description == expected)
    }

    @Test("A reference leads to no other kind of address", arguments: ["file:///etc/passwd", "javascript:1", "a:b"])
    func foreignScheme(reference: String) throws {
        #expect(try #require(URL("http://a/")).resolving(reference) == nil)
    }

    @Test(
        "Loopback is this machine and nothing that is spelt like it",
        arguments: [
            ("http://localhost/", true), ("http://127.0.0.1:5000/", true), ("http://127.8.9.1/", true),
            ("http://[::1]/", true), ("http://localhost.evil.com/", false), ("http://127.0.0.1.evil.com/", false),
            ("http://127.0.0/", false), ("http://127.0.0.256/", false), ("http://evil-localhost/", false),
        ])
    func loopback(text: String, expected: Bool) throws {
        #expect(try #require(URL(text)).origin.isLoopback == expected)
    }

    @Test("A pair of the query is encoded") func adding() throws {
        let url = try #require(URL("http://a/upload?state=x"))
        #expect(url.adding("scope", "a:b&c").description == "http://a/upload?state=x&scope=a%3Ab%26c")
    }
}
