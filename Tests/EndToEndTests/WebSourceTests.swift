import Testing

@Suite("ADD of an address", .needsRoot)
struct WebSourceTests {
    let bench: Bench
    let server: WebServer

    init() throws {
        bench = try Bench()
        server = try WebServer(on: bench)
        try server.serve("a.txt", "one\n")
        try bench.shell("touch -d @1500000000 web/files/a.txt")
    }

    private var address: String { "\(server.address)/files/a.txt" }

    /// Builds on nothing and returns what is in the image: type, mode, owner, time and path of each entry.
    private func tree(_ instruction: String) throws -> [String] {
        try expectSuccess(try bench.build("FROM scratch\n\(instruction)\n", "-o", "type=local,dest=../out/"))
        let list = try bench.shell(
            "cd out && find . -mindepth 1 -printf '%y %m %U:%G %Ts %P\\n' | sort -k5; rm -r ../out")
        return list.split(separator: "\n").map(String.init)
    }

    @Test("gives root a file that nobody else can read, as old as the server says")
    func file() throws {
        #expect(try tree("ADD \(address) /b") == ["f 600 0:0 1500000000 b"])
        #expect(try tree("ADD --chmod=644 --chown=5:6 \(address) /b") == ["f 644 5:6 1500000000 b"])
        try server.serve("undated", "x")
        #expect(try tree("ADD \(server.address)/files/undated /b") == ["f 600 0:0 0 b"])
    }

    @Test("calls the file by the end of its address in a folder")
    func names() throws {
        try server.serve("b", "two\n")
        let names = try tree("ADD \(address)?x=/y \(server.address)/files/b#z /").map { $0.split(separator: " ").last }
        #expect(names == ["a.txt", "b"])
        let odd = try tree(
            "ADD \(server.address)/redirect/\(address) \(server.address)/files/b /d/")
        #expect(odd.map { $0.split(separator: " ").last } == ["d", "d/a.txt", "d/b"])
    }

    @Test("copies an archive as it is, and unpacks it if it is told to")
    func unpack() throws {
        try bench.shell("mkdir t; echo x >t/x; tar -czf web/files/t.tgz t")
        #expect(try tree("ADD \(server.address)/files/t.tgz /").map { $0.split(separator: " ").last } == ["t.tgz"])
        let unpacked = try tree("ADD --unpack \(server.address)/files/t.tgz /").map { $0.split(separator: " ").last }
        #expect(unpacked == ["t", "t/x"])
        #expect(try tree("ADD --unpack \(address) /").map { $0.split(separator: " ").last } == ["a.txt"])
    }

    @Test("asks whether the file has changed, and fetches it only then")
    func cache() throws {
        let recipe = "FROM scratch\nADD \(address) /a.txt\n"
        let first = try expectSuccess(try bench.build(recipe))
        #expect(try server.requests() == ["GET /files/a.txt 200"])
        let again = try bench.build(recipe)
        #expect(try expectSuccess(again) == first)
        #expect(again.executed.isEmpty, "\(again)")
        #expect(try server.requests() == ["GET /files/a.txt 304"])

        try server.serve("a.txt", "two\n")
        let changed = try bench.build(recipe)
        #expect(try expectSuccess(changed) != first)
        #expect(changed.steps.first?.reason == "the contents of a.txt changed", "\(changed)")
    }

    @Test("depends on the contents, not on where they are from or when they were written")
    func key() throws {
        let first = try expectSuccess(try bench.build("FROM scratch\nADD \(address) /a.txt\n"))
        try bench.shell("mkdir web/files/other; cp web/files/a.txt web/files/other/")
        let moved = try bench.build("FROM scratch\nADD \(server.address)/files/other/a.txt /a.txt\n")
        #expect(moved.executed.isEmpty, "\(moved)")
        #expect(try expectSuccess(moved) != first, "the history names the address")
    }

    @Test("with a checksum asks nobody a second time, and takes nothing else")
    func checksum() throws {
        let digest = "sha256:\(try bench.shell("sha256sum web/files/a.txt | cut -d' ' -f1"))"
        let recipe = "FROM scratch\nADD --checksum=\(digest) \(address) /a.txt\n"
        try expectSuccess(try bench.build(recipe))
        _ = try server.requests()
        #expect(try bench.build(recipe).executed.isEmpty)
        try expectSuccess(try bench.build(recipe, "--no-cache"))
        #expect(try server.requests().isEmpty)

        try server.serve("b", "two\n")
        let other = try bench.build("FROM scratch\nADD --checksum=\(digest) \(server.address)/files/b /b\n")
        expectFailure(other, exit: 3, saying: "error[checksum-mismatch]", digest, "Recipe:2:")
        let again = try bench.build("FROM scratch\nADD --checksum=\(digest) \(server.address)/files/b /b\n")
        expectFailure(again, exit: 3, saying: "error[checksum-mismatch]")
    }

    @Test("sends a secret to the host that it is for, and shows it nowhere")
    func secrets() throws {
        let recipe = "FROM scratch\nADD \(server.address)/private/a.txt /\n"
        expectFailure(try bench.build(recipe), exit: 4, saying: "error[fetch]", "401")
        let header = "--secret=id=HTTP_AUTH_HEADER_127.0.0.1,src=../web/authorization"
        let opened = try bench.build(recipe, header)
        try expectSuccess(opened)
        try bench.write("token", "of-bad-news\n")
        try expectSuccess(try bench.build(recipe, "--no-cache", "--secret=id=HTTP_AUTH_TOKEN_127.0.0.1,src=../token"))
        #expect(try bench.shell("grep -rl of-bad-news store || true") == "")
        #expect(!opened.error.contains("bad-news"))
    }

    @Test(
        "says what the server did wrong",
        arguments: [
            ("/files/none", "404"), ("/status/500", "500"), ("/loop", "without end"), ("/truncated", "broke"),
            ("/redirect/file:///etc/passwd", "where we do not go"),
        ])
    func errors(path: String, words: String) throws {
        let outcome = try bench.build("FROM scratch\nADD \(server.address)\(path) /a\n")
        expectFailure(outcome, exit: 4, saying: "error[fetch]", words, "Recipe:2:5")
    }

    @Test("says that a host cannot be reached, and that a password does not belong in an address")
    func addresses() throws {
        expectFailure(
            try bench.build("FROM scratch\nADD http://127.0.0.1:1/a /a\n"), exit: 4, saying: "error[fetch]",
            "cannot be reached")
        let outcome = try bench.build("FROM scratch\nADD http://me:word@127.0.0.1:1/a /a\n")
        expectFailure(outcome, exit: 2, saying: "error[bad-address]", "me:xxxxx@")
    }
}
