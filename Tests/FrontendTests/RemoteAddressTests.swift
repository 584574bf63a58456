import Testing

@testable import Frontend

@Suite("Addresses")
struct RemoteAddressTests {
    @Test(
        "are told from paths",
        arguments: [
            "a:b", "./git@example.org", "github.com/a/b", "custom.example/a/b.git", "./.git", ".git", "../a.git",
            "ftp://example.org/a.git", "file:///a.git", "ext::sh", "a_b@host_:c", "@host:path", "user@:path", "http:/a",
        ])
    func paths(text: String) throws {
        #expect(try RemoteAddress.parse(text) == nil)
    }

    @Test(
        "of the web are those of no repository",
        arguments: [
            "https://example.org/", "https://example.org/a", "https://example.org/a.git/",
            "https://example.org/a.git.b",
            "http://example.org/a.git:#main", "https://example.org/.git.tar", "https://example.org?x=.git",
        ])
    func web(text: String) throws {
        guard case .web(let address) = try RemoteAddress.parse(text) else {
            Issue.record("\(text) is no address of the web")
            return
        }
        #expect(address.text == text)
    }

    @Test(
        "of repositories say what is wanted",
        arguments: [
            ("https://example.org/a.git", "https://example.org/a.git"),
            ("https://example.org/a.git#deadbeef", "https://example.org/a.git, reference deadbeef"),
            ("https://example.org/a.git#release/1.2", "https://example.org/a.git, reference release/1.2"),
            ("git://example.org/a", "git://example.org/a"),
            ("ssh://git@example.org:22/a", "ssh://git@example.org:22/a"),
            ("https://me:word@example.org/b/c.git", "https://me:word@example.org/b/c.git"),
            ("git@example.org:b/c", "git@example.org:b/c"),
            ("git@example.org:b/c.git#v1:d", "git@example.org:b/c.git, reference v1, folder d"),
            ("https://example.org/a.git#b/c:d/e", "https://example.org/a.git, reference b/c, folder d/e"),
            ("https://example.org/a.git#:d", "https://example.org/a.git, folder d"),
            ("https://example.org/a.git#v1:../../d/../e/", "https://example.org/a.git, reference v1, folder e"),
            ("https://example.org/a.git?ref=v1&subdir=/d", "https://example.org/a.git, reference v1, folder d"),
            ("https://example.org/a.git?subdir=d%2Fe#v1", "https://example.org/a.git, reference v1, folder d/e"),
            ("https://example.org/a.git?tag=v1", "https://example.org/a.git, reference refs/tags/v1"),
            ("https://example.org/a.git?branch=v1", "https://example.org/a.git, reference refs/heads/v1"),
            ("https://example.org/a.git?ref=v1#v1", "https://example.org/a.git, reference v1"),
            ("git@example.org:a.git?subdir=/d#v1", "git@example.org:a.git, reference v1, folder d"),
            ("https://example.org/a.git?mtime=checkout", "https://example.org/a.git, times of the checkout"),
            ("https://example.org/a.git?mtime=commit", "https://example.org/a.git"),
            (
                "https://example.org/a.git?fetch-by-commit=true&checksum=DEADBEEF#refs/heads/b",
                "https://example.org/a.git, reference refs/heads/b, commit deadbeef, by commit"
            ),
            (
                "https://example.org/a.git?fetch-by-commit&commit=dead",
                "https://example.org/a.git, commit dead, by commit"
            ),
            ("https://example.org/a.git?fetch-by-commit=false", "https://example.org/a.git"),
            (
                "https://example.org/a.git?keep-git-dir&submodules=0",
                "https://example.org/a.git, with .git, without submodules"
            ),
            ("https://example.org/a.git?keep-git-dir=F", "https://example.org/a.git, without .git"),
            ("HTTPS://example.org/a%2Egit", "HTTPS://example.org/a%2Egit"),
        ])
    func repositories(text: String, parts: String) throws {
        guard case .git(let address) = try RemoteAddress.parse(text) else {
            Issue.record("\(text) is no repository")
            return
        }
        #expect(GitPrinter.print(address) == parts)
    }

    @Test(
        "of repositories that make no sense are refused",
        arguments: [
            ("?ref=v1#v2", "the address names two references, `v2` and `v1`"),
            ("?ref=v1&tag=v2", "the address names two references, `v1` and `refs/tags/v2`"),
            ("?tag=v1&branch=v2", "the address names a tag, `v1`, and a branch, `v2`"),
            ("?subdir=a#:b", "the address names two folders, `b` and `a`"),
            ("?mtime=now", "`mtime` cannot be `now`"),
            ("?fetch-by-commit=perhaps", "`fetch-by-commit` cannot be `perhaps` in the address"),
            ("?nonsense=123", "the address has a field `nonsense`"),
            ("?ref=", "`ref` has no value in the address"),
            ("?ref=a&ref=a", "`ref` stands twice in the address"),
            ("?checksum=xyz", "`xyz` is no commit of git, nor the beginning of one"),
            ("?ref=%2", "`%2` has a `%` without two hexadecimal digits behind it"),
            ("#--upload-pack=touch", "`--upload-pack=touch` cannot be the name of a branch, a tag or a commit"),
            ("#a..b", "`a..b` cannot be the name of a branch, a tag or a commit"),
            ("#a%0Ab", "`a\nb` cannot be the name of a branch, a tag or a commit"),
            ("#a*", "`a*` cannot be the name of a branch, a tag or a commit"),
        ])
    func nonsense(rest: String, message: String) {
        let error = #expect(throws: Diagnostic.self) { try RemoteAddress.parse("https://example.org/a.git\(rest)") }
        #expect(error?.message == message)
    }

    @Test("do not pass options to the programs that git starts")
    func options() {
        #expect(throws: Diagnostic.self) { try RemoteAddress.parse("ssh://-oProxyCommand=touch/a") }
        #expect(throws: Diagnostic.self) { try RemoteAddress.parse("git@-oProxyCommand:a") }
    }

    @Test("of contexts may leave out what GitHub's do")
    func github() throws {
        guard case .git(let address) = try RemoteAddress.parse(context: "github.com/a/b?tag=v1#:c") else {
            Issue.record("this is no repository")
            return
        }
        #expect(GitPrinter.print(address) == "https://github.com/a/b, reference refs/tags/v1, folder c")
    }

    @Test(
        "name their file by the end of the path, and never a place elsewhere",
        arguments: [
            ("http://h/a/b.tar.gz", "b.tar.gz"), ("http://h/a/b?c=/d#e/f", "b"), ("http://h/a/", "a"),
            ("http://h", "__unnamed__"), ("http://h/", "__unnamed__"), ("http://h?x=1", "__unnamed__"),
            ("http://h/%2e%2e%2fx", "x"), ("http://h/a%2Fb", "b"), ("http://h/..", "__unnamed__"),
            ("http://h/a/..", "__unnamed__"), ("http://h/a%00b", "__unnamed__"), ("http://h/a%2", "__unnamed__"),
            ("http://h/a%20b", "a b"), ("http://h/...", "..."),
        ])
    func names(text: String, name: String) throws {
        #expect(try #require(WebAddress(text)).fileName == Array(name.utf8))
    }

    @Test(
        "know their host",
        arguments: [
            ("http://Example.org:80/a", "example.org"), ("https://me:word@h/a@b", "h"), ("https://[::1]:80/", "::1"),
            ("https://h", "h"),
        ])
    func hosts(text: String, host: String) throws {
        #expect(try #require(WebAddress(text)).host == host)
    }

    @Test("are shown without passwords")
    func passwords() throws {
        #expect(try #require(WebAddress("https://me:word@h/a")).shown == "https://me:xxxxx@h/a")
        #expect(try #require(WebAddress("https://me@h/a:b@c")).shown == "https://me@h/a:b@c")
    }

    @Test("are taken apart byte by byte: an accent makes no mark another")
    func accents() throws {
        let texts = ["https://evil.example/\u{301}@good.example/", "https://evil.example?\u{301}@good.example"]
        let hosts = texts.map { text in
            if case .web(let address)? = try? RemoteAddress.parse(text) { address.host } else { "" }
        }
        #expect(hosts == ["evil.example", "evil.example"])
        for text in ["https://me:word@\u{301}host/a", "https://me:\u{301}word@host/a.git"] {
            #expect(!text.withoutPassword.utf8.contains(UInt8(ascii: "w")))
        }
        guard case .git(let address)? = try RemoteAddress.parse("https://host.example/a.git#\u{301}b:\u{301}c") else {
            Issue.record("the address is no repository")
            return
        }
        #expect(address.authority == "host.example" && address.subfolder == "\u{301}c")
        #expect(throws: Diagnostic.self) { try RemoteAddress.parse("https://host.example/a.git#b..\u{301}c") }
        #expect(throws: Diagnostic.self) { try RemoteAddress.parse("ssh://-\u{301}o/a.git") }
    }
}
