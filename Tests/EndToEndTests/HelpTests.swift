import Testing

@Suite("What help says", .needsRoot, .timeLimit(.minutes(10)))
struct HelpTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
        let recipe = "FROM busybox\nCOPY page /srv/page\nRUN echo 'NAME=shop' >/etc/os-release\nENV KIND=web\n"
        for folder in ["context", "context/shop"] {
            try bench.write("\(folder)/Recipe", recipe)
            try bench.write("\(folder)/page", "contents\n")
        }
        try bench.write("context/busybox.tar", try Base.tar())
        try bench.write("context/password", "secret\n")
        for version in ["1.1", "1.2"] {
            try expectSuccess(
                try bench.layerbuild("-t", "shop/web:\(version)", "-o", "type=none", "."))
        }
        #expect(try bench.layerbuild("run", "--name", "try", "busybox", "touch", "/made").exitCode == 0)
    }

    /// Every command with the example in its help.
    private func commands() throws -> [(command: String, example: String)] {
        let names = try bench.layerbuild("--help").output.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^  ([a-z]+)(?:, [a-z]+| \(default\))? {2,}[A-Z]/).map { String($0.output.1) }
        }
        return try names.map { name in
            let lines = try bench.layerbuild(name, "--help").output.split(
                separator: "\n", omittingEmptySubsequences: false)
            let words = lines.prefix { !$0.hasPrefix("USAGE") }.joined(separator: " ")
            let example = words.firstRange(of: "Example: ").map { words[$0.upperBound...] }
            let text = try #require(example, "\(name) has no example").trimmingPrefix(" ")
            return (name, text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " "))
        }
    }

    @Test("The example of every command works") func examples() throws {
        let examples = try commands()
        #expect(examples.count >= 25)
        try bench.shell("mkdir -p usr/share/bash-completion/completions; htpasswd -Bbc passwords me secret")
        let registry = try DockerRegistry(on: bench, passwords: bench.appending("passwords"))
        // Who pushes has logged in before, and what others need goes last.
        let order = ["login": 0, "rm": 2, "logout": 3]
        for (command, example) in examples.sorted(by: { (order[$0.command] ?? 1) < (order[$1.command] ?? 1) }) {
            let named = command == "build" ? "layerbuild " : "layerbuild \(command) "
            #expect(example.hasPrefix(named), "\(example)")
            let line = example.replacing("registry.example", with: registry.host)
                .replacing("/usr/share", with: "\(bench.path)/usr/share").dropFirst("layerbuild ".count)
            // Nobody is there to type.
            let command = "\(Bench.program) \(line)".replacing(" -it ", with: " ")
            let outcome = try Running(["bash", "-c", command], on: bench, in: bench.appending("context")).finish()
            #expect(outcome.exitCode == 0, "\(example): \(outcome)")
        }
    }

    /// It is the one thing that needs what `conformances.ld` takes the records of.
    @Test("The program describes its commands as JSON") func description() throws {
        let found = try bench.shell(
            """
            \(Bench.program) --experimental-dump-help |
            python3 -c 'import json, sys; print(*sorted(
                (c["commandName"], len(c["arguments"]) > 2) for c in json.load(sys.stdin)["command"]["subcommands"]
                if c["commandName"] != "help"), sep="\\n")'
            """)
        let expected = try commands().map { "('\($0.command)', True)" }.sorted()
        #expect(found.split(separator: "\n").map(String.init) == expected)
    }
}
