import Testing

@Suite("ADD of a git repository", .needsRoot)
struct GitSourceTests {
    let bench: Bench
    let server: WebServer

    init() throws {
        bench = try Bench()
        server = try WebServer(on: bench)
        try server.repository(
            "r",
            """
            mkdir -p docs/deep
            echo one >a.txt; echo page >docs/page; echo x >docs/deep/x; printf '#!/bin/sh' >run; chmod 755 run
            ln -s a.txt link; ln -s docs shortcut; ln -s / outside; printf '*.txt export-ignore' >.gitattributes
            git add -A; git commit -qm first; git tag light; git tag -am note v1
            echo two >a.txt; git commit -qam second
            git checkout -qb other; echo three >a.txt; git commit -qam third; git checkout -q main
            """)
    }

    private var address: String { "\(server.address)/git/r.git" }

    /// What an ADD of the repository leaves, one line for each file: type, mode, owner, path and, of links, the target.
    private func tree(_ source: String, _ flags: String = "") throws -> [String] {
        let recipe = "FROM scratch\nADD \(flags) \(source) /r/\n"
        try expectSuccess(try bench.build(recipe, "-o", "type=local,dest=\(bench.appending("out"))/"))
        let list = try bench.shell(
            "cd out/r && find . -path ./.git -prune -o -printf '%y %m %U:%G %T@ %P %l\\n' | sort -k5")
        return list.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }

    private func contents(_ source: String, _ flags: String = "") throws -> String {
        let recipe = "FROM scratch\nADD \(flags) \(source) /r\n"
        try expectSuccess(try bench.build(recipe, "-o", "type=local,dest=\(bench.appending("out"))/"))
        let text = String(decoding: try bench.read("out/r/a.txt"), as: UTF8.self)
        try bench.shell("rm -r out")
        return text
    }

    @Test("brings its files with the modes of git and the time of the commit")
    func files() throws {
        let time = "1600000000.0000000000"
        #expect(
            try tree(address).dropFirst() == [
                "f 644 0:0 \(time) .gitattributes", "f 644 0:0 \(time) a.txt", "d 755 0:0 \(time) docs",
                "d 755 0:0 \(time) docs/deep", "f 644 0:0 \(time) docs/deep/x", "f 644 0:0 \(time) docs/page",
                "l 777 0:0 \(time) link a.txt", "l 777 0:0 \(time) outside /", "f 755 0:0 \(time) run",
                "l 777 0:0 \(time) shortcut docs",
            ])
    }

    @Test("takes the branch, tag or commit that the address names")
    func references() throws {
        #expect(try contents(address) == "two\n")
        #expect(try contents("\(address)#main") == "two\n")
        #expect(try contents("\(address)#other") == "three\n")
        #expect(try contents("\(address)#refs/heads/other") == "three\n")
        #expect(try contents("\(address)#heads/other") == "three\n")
        #expect(try contents("\(address)?branch=other") == "three\n")
        #expect(try contents("\(address)#light") == "one\n")
        #expect(try contents("\(address)#v1") == "one\n")
        #expect(try contents("\(address)?tag=v1") == "one\n")
        #expect(try contents("\(address)#\(try server.commit("light", of: "r"))") == "one\n")
        #expect(try contents("\(address)?fetch-by-commit&commit=\(try server.commit("other", of: "r"))") == "three\n")
    }

    @Test("takes one folder of it")
    func subfolder() throws {
        #expect(
            try tree("\(address)#main:docs").dropFirst().map { $0.split(separator: " ")[4] } == [
                "deep", "deep/x", "page",
            ])
        #expect(try tree("\(address)?subdir=/docs/deep/../").count == 4)
    }

    @Test("never leaves the repository", arguments: ["shortcut", "outside", "outside/etc", "a.txt", "none"])
    func outside(folder: String) throws {
        let outcome = try bench.build("FROM scratch\nADD \(address)#main:\(folder) /r\n")
        expectFailure(outcome, exit: 3, saying: "error[git-folder]", "`\(folder)`", "Recipe:2:5")
    }

    @Test("is kept back by a checksum that is another's, and let through by the beginning of its own")
    func checksum() throws {
        let first = try server.commit("light", of: "r")
        let note = try server.commit("v1", of: "r")
        #expect(try contents("\(address)#light", "--checksum=\(first)") == "one\n")
        #expect(try contents("\(address)#v1", "--checksum=\(first.prefix(8))") == "one\n")
        #expect(try contents("\(address)#v1", "--checksum=\(note)") == "one\n")
        #expect(try contents("\(address)?checksum=\(first)#light") == "one\n")
        for source in ["\(address)", "\(address)?checksum=\(first)#main", "\(address)?checksum=\(first)#\(note)"] {
            let flag = source.contains("checksum") ? "" : "--checksum=\(first)"
            let outcome = try bench.build("FROM scratch\nADD \(flag) \(source) /r\n")
            expectFailure(outcome, exit: 3, saying: "error[checksum-mismatch]", first)
        }
    }

    @Test("is not fetched again while it is at the same commit")
    func cache() throws {
        let recipe = "FROM scratch\nADD \(address) /r\n"
        let first = try expectSuccess(try bench.build(recipe))
        _ = try server.requests()
        let again = try bench.build(recipe)
        #expect(try expectSuccess(again) == first)
        #expect(again.executed.isEmpty, "\(again)")
        #expect(try server.requests().count <= 2)

        try server.repository("r", "echo four >a.txt; git commit -qam fourth")
        let moved = try bench.build(recipe)
        #expect(try expectSuccess(moved) != first)
        #expect(moved.steps.first?.reason == "the commit of r changed", "\(moved)")
    }

    @Test("keeps `.git` only where it is asked to, and then without anything secret or of the moment")
    func gitFolder() throws {
        let recipe = "FROM scratch\nADD --keep-git-dir \(address)#v1 /r\n"
        try expectSuccess(try bench.build(recipe, "-o", "type=local,dest=\(bench.appending("out"))/"))
        #expect(try bench.shell("git -c safe.directory='*' -C out/r status --porcelain") == "")
        #expect(try bench.shell("git -c safe.directory='*' -C out/r describe") == "v1")
        #expect(!bench.exists("out/r/.git/FETCH_HEAD"))
        #expect(!bench.exists("out/r/.git/hooks"))

        try expectSuccess(try bench.build("FROM scratch\nADD \(address)#v1 /r\n", "-o", "type=local,dest=../plain/"))
        #expect(!bench.exists("plain/r/.git"))
    }

    @Test("brings submodules, unless it is told not to")
    func submodules() throws {
        try server.repository("inner", "echo in >in.txt; git add -A; git commit -qm inner")
        try server.repository(
            "outer",
            """
            git submodule add -q \(server.address)/git/inner.git sub
            git config -f .gitmodules submodule.sub.url ../inner.git
            git add -A; git commit -qm outer
            """)
        let outer = "\(server.address)/git/outer.git"
        try expectSuccess(try bench.build("FROM scratch\nADD \(outer) /r\n", "-o", "type=local,dest=../out/"))
        #expect(try bench.read("out/r/sub/in.txt") == Array("in\n".utf8))
        #expect(!bench.exists("out/r/sub/.git"))
        let recipe = "FROM scratch\nADD \(outer)?submodules=false /r\n"
        try expectSuccess(try bench.build(recipe, "-o", "type=local,dest=../bare/"))
        #expect(try bench.names(in: "bare/r/sub").isEmpty)
    }

    @Test("never reads this machine's repositories for a submodule")
    func localSubmodule() throws {
        try server.repository(
            "sly",
            """
            git -c protocol.file.allow=always submodule add -q "$PWD/../r" sub
            git commit -qam sly
            """)
        let outcome = try bench.build("FROM scratch\nADD \(server.address)/git/sly.git /r\n")
        expectFailure(outcome, exit: 4, saying: "error[git]", "transport 'file' not allowed")
    }

    @Test("runs no program that a repository or this machine's configuration names")
    func configuration() throws {
        try bench.write(
            ".gitconfig", "[core]\n\thooksPath = \(bench.path)/hooks\n[url \"file:///\"]\n\tinsteadOf = http://\n")
        try bench.write("hooks/post-checkout", Array("#!/bin/sh\ntouch \(bench.path)/touched\n".utf8), mode: 0o755)
        #expect(try contents(address) == "two\n")
        #expect(!bench.exists("touched"))
    }

    @Test("opens a private repository with a secret, which is in no output")
    func secret() throws {
        let recipe = "FROM scratch\nADD \(server.address)/private-git/r.git /r\n"
        let refused = try bench.build(recipe)
        expectFailure(refused, exit: 4, saying: "error[git]", "could not read Username", "GIT_AUTH_TOKEN")
        let secret = "--secret=id=GIT_AUTH_HEADER.127.0.0.1:\(server.port),src=\(bench.appending("web/authorization"))"
        let opened = try bench.build(recipe, secret)
        try expectSuccess(opened)
        #expect(!opened.error.contains("bad-news"))
    }

    @Test("says what is wrong with the repository")
    func errors() throws {
        expectFailure(
            try bench.build("FROM scratch\nADD \(address)#gone /r\n"), exit: 3, saying: "error[git-reference]", "`gone`"
        )
        expectFailure(
            try bench.build("FROM scratch\nADD \(server.address)/git/none.git /r\n"), exit: 4, saying: "error[git]",
            "not found", "Recipe:2:5")
        expectFailure(
            try bench.build("FROM scratch\nADD http://127.0.0.1:1/a.git /r\n"), exit: 4, saying: "error[git]")
        expectFailure(
            try bench.build("FROM scratch\nADD \(address)#--upload-pack=x /r\n"), exit: 2,
            saying: "error[bad-git-address]")
        expectFailure(try bench.build("FROM scratch\nCOPY \(address) /r\n"), exit: 2, saying: "error[copy-of-address]")
    }
}
