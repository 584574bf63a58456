import Glibc
import Testing

@Suite("What is wrong")
struct FaultTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/file", "contents")
        return bench
    }

    @Test("with an instruction is shown under its word, with a suggestion")
    func instruction() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\n  COPPY file /file\n")
        expectFailure(outcome, exit: 2, saying: "COPPY", "Recipe:2:3", "2 |   COPPY file /file", "did you mean `COPY`?")
        #expect(outcome.error.contains(/\n  \|   \^{5}\n/), "\(outcome)")
        try bench.expectUsableStore()
    }

    @Test("with a flag is shown under its word, with a suggestion")
    func flag() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nCOPY --form=x file /file\n")
        expectFailure(outcome, exit: 2, saying: "Recipe:2:6", "did you mean `--from`?", "^^^^^^")
        try bench.expectUsableStore()
    }

    @Test(
        "with a source of COPY is named",
        arguments: ["missing", "../outside", "/etc/passwd", "a/../../outside", "link/passwd"])
    func source(path: String) throws {
        let bench = try bench()
        try bench.write("outside", "not for images")
        try bench.shell("ln -s /etc context/link")
        let outcome = try bench.build("FROM busybox\nCOPY \(path) /copied\n", "-o", "type=local,dest=../files")
        expectFailure(outcome, exit: 2, saying: "Recipe:2:6", path)
        #expect(!bench.exists("files/copied"))
        try bench.expectUsableStore()
    }

    @Test("with the target of a symbolic link leaves the link a link")
    func link() throws {
        let bench = try bench()
        try bench.shell("ln -s /etc/shadow context/link")
        let outcome = try bench.build("FROM busybox\nCOPY . /copied/\n", "-o", "type=tar,dest=../files.tar")
        try expectSuccess(outcome)
        let listing = try bench.shell("tar -tvf files.tar copied/link")
        #expect(listing.contains("link -> /etc/shadow"))
    }

    @Test("with the name of a base is answered by where it was looked for")
    func base() throws {
        let bench = try bench()
        // Port 1 of this machine: nobody listens, and no other machine is asked.
        let outcome = try bench.build("FROM 127.0.0.1:1/busybocks:latest\n")
        expectFailure(outcome, exit: 4, saying: "registry-connection", "Recipe:1:6", "127.0.0.1:1")
        try bench.expectUsableStore()
    }

    @Test("with a recipe that is missing or no file is said", arguments: ["nowhere", "../context", "/dev/null"])
    func recipe(path: String) throws {
        let bench = try bench()
        let outcome = try bench.layerbuild("-f", path, "-o", "type=none", ".")
        #expect(outcome.errorLine != nil && [2, 3, 64].contains(outcome.exitCode), "\(outcome)")
        try bench.expectUsableStore()
    }

    @Test(
        "with the command line is a matter of usage",
        arguments: [["--no-such-flag"], [], ["a", "b"], ["-o", "type=nothing", "."]])
    func usage(arguments: [String]) throws {
        let bench = try Bench()
        expectFailure(try bench.start(arguments).finish(), exit: 64)
    }

    @Test(
        "with an archive that ends too early is said, wherever it was cut",
        arguments: ["tar", "tar.gz", "tar.zst", "tar.xz", "tar.bz2"])
    func truncated(kind: String) throws {
        let bench = try bench()
        let tool = [
            "tar": "cat", "tar.gz": "gzip -n1", "tar.zst": "zstd -q1", "tar.xz": "xz -0", "tar.bz2": "bzip2 -1",
        ]
        try bench.shell("\(try #require(tool[kind])) <base.tar >whole.\(kind)")
        let whole = try bench.read("whole.\(kind)")
        for tenth in [1, 5, 9] {
            // Not at the end of an entry, where a tar may end without its mark.
            try bench.write("cut.\(kind)", Array(whole[..<(whole.count * tenth / 10 | 1)]))
            let outcome = try bench.layerbuild("import", "../cut.\(kind)", "-t", "cut")
            expectFailure(outcome, exit: 3, saying: "cut.\(kind)")
        }
        let images = try bench.layerbuild("images", "-q")
        #expect(!images.output.contains("cut"), "\(images)")
        try bench.expectUsableStore()
    }

    @Test("with an archive's bytes is said", arguments: ["tar", "tar.gz", "tar.zst"])
    func corrupt(kind: String) throws {
        let bench = try bench()
        let tool = ["tar": "cat", "tar.gz": "gzip -n1", "tar.zst": "zstd -q1 --check"]
        try bench.shell("\(try #require(tool[kind])) <base.tar >whole.\(kind)")
        var bytes = try bench.read("whole.\(kind)")
        // Of a plain archive only the headers are protected; the last is that of a link, followed by others.
        let place = kind == "tar" ? 512 * 4 + 20 : bytes.count / 2
        bytes[place] ^= 0x10
        try bench.write("bad.\(kind)", bytes)
        expectFailure(try bench.layerbuild("import", "../bad.\(kind)", "-t", "bad"), exit: 3, saying: "bad.\(kind)")
        let outcome = try bench.build("FROM bad\n", "--build-context", "bad=../bad.\(kind)")
        expectFailure(outcome, exit: 3, saying: "bad.\(kind)")
        try bench.expectUsableStore()
    }

    @Test("with what is no archive at all is said", arguments: ["empty", "text", "noise", "link to nothing"])
    func noArchive(kind: String) throws {
        let bench = try bench()
        try bench.shell(
            """
            case '\(kind)' in
                empty) : >odd ;;
                text) echo 'this is no archive' >odd ;;
                noise) head -c 100000 /dev/urandom >odd ;;
                *) ln -s nowhere odd ;;
            esac
            """)
        expectFailure(try bench.layerbuild("import", "../odd", "-t", "odd"), exit: 3, saying: "odd")
        try bench.expectUsableStore()
    }

    @Test("with a context is said, and nothing reads what has no end", arguments: ["/dev/zero", "/dev/null", ""])
    func context(path: String) throws {
        let bench = try bench()
        let outcome = try bench.layerbuild("-o", "type=none", path)
        expectFailure(outcome, exit: path.isEmpty ? 64 : 3, saying: "context")
        try bench.expectUsableStore()
    }

    @Test("with the place of a result is said before any step", arguments: ["-o", "--iidfile", "--metadata-file"])
    func place(flag: String) throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nCOPY file /file\n", flag, "../nowhere/result")
        expectFailure(outcome, exit: 7, saying: "nowhere")
        #expect(outcome.steps.isEmpty, "\(outcome)")
    }

    @Test("with an output that is the recipe is said, and the recipe stays")
    func recipeAsOutput() throws {
        let bench = try bench()
        expectFailure(try bench.build("FROM busybox\n", "-o", "../Recipe"), exit: 3, saying: "error[output]")
        #expect(try bench.read("Recipe") == Array("FROM busybox\n".utf8))
    }

    @Test("with a file that is no recipe is said in a line")
    func noise() throws {
        let bench = try bench()
        let outcome = try bench.build(String(repeating: "\u{1}", count: 100_000))
        expectFailure(outcome, exit: 2, saying: "error[unknown-instruction]")
        #expect(outcome.error.utf8.count < 10_000)
    }

    @Test("with standard output is said when it was to take the image", arguments: [">&-", "| true", ">/dev/full"])
    func standardOutput(end: String) throws {
        let bench = try bench()
        // More than a pipe holds.
        try bench.write("context/file", [UInt8](repeating: 7, count: 1 << 20))
        try bench.write("Recipe", "FROM busybox\nCOPY file /file\n")
        let command = "\(Bench.program) --compression none -f ../Recipe -o - ."
        let running = try Running(
            ["bash", "-c", "set -o pipefail; \(command) \(end)"], on: bench, in: bench.appending("context"))
        expectFailure(try running.finish(), exit: 5, saying: "standard output")
    }

    @Test("with a zero byte in a command is said", .needsRoot)
    func zeroByte() throws {
        let bench = try bench()
        expectFailure(try bench.build("FROM busybox\nRUN echo a\0b\n"), exit: 1, saying: "zero byte")
    }

    @Test("with a program that may not be executed is said", .needsRoot)
    func notExecutable() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nCOPY file /file\nRUN [\"/file\"]\n")
        expectFailure(outcome, exit: 1, saying: "error[no-program]", "may be executed")
    }

    @Test("with a pipe in the context is said, and nothing waits for it")
    func pipe() throws {
        let bench = try bench()
        try bench.shell("mkfifo context/pipe")
        let outcome = try bench.build("FROM busybox\nCOPY pipe /pipe\n")
        #expect(outcome.exitCode == 0 || outcome.errorLine != nil, "\(outcome)")
        try bench.write("context/.dockerignore", "pipe\n")
        try expectSuccess(try bench.build("FROM busybox\nCOPY . /all\n"))
        try bench.expectUsableStore()
    }

    @Test("with a command of a step is told with its end", .needsRoot)
    func command() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nRUN echo out; echo bad >&2; exit 42\n")
        expectFailure(outcome, exit: 1, saying: "Recipe:2:1", "42", "  | bad")
        let killed = try bench.build("FROM busybox\nRUN sh -c 'kill -9 $$'; exit $?\n")
        expectFailure(killed, exit: 1, saying: "137")
        try bench.expectUsableStore()
    }

    @Test("with a step that takes too long is said", .needsRoot)
    func timeout() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nRUN sleep 86400\n", "--timeout", "1")
        expectFailure(outcome, exit: 1, saying: "Recipe:2:1")
        try bench.expectUsableStore()
    }
}
