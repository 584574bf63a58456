import Linux
import SystemPackage
import Testing

@Suite("Completions", .timeLimit(.minutes(10)))
struct CompletionTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        for (shell, path) in [("bash", "bash"), ("zsh", "zsh/_layerbuild"), ("fish", "fish")] {
            let outcome = try bench.layerbuild("completions", shell)
            #expect(outcome.exitCode == 0 && outcome.error.isEmpty, "\(outcome)")
            try bench.write(path, outcome.output)
            try bench.write("Recipe", "FROM scratch\n")
        }
    }

    /// What is typed, and what completes its last word, or shows what may.
    static let lines = [
        ("layerbuild ins", "inspect"), ("layerbuild run --ne", "--network"),
        ("layerbuild build --progress ", "quiet"), ("layerbuild completions ", "fish"),
        // A build need not be named.
        ("layerbuild --cache-f", "--cache-from"), ("layerbuild --progress ", "quiet"), ("layerbuild -f Reci", "Recipe"),
        ("layerbuild -t x ins", "inspect"),
    ]

    @Test("of bash know commands, flags and their values", arguments: lines)
    func bash(line: String, expected: String) throws {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
        let found = try bench.shell(
            """
            set +eu
            source ./bash
            COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
            COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
            _layerbuild layerbuild "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """)
        #expect(found.split(separator: "\n").contains(Substring(expected)), "\(found)")
    }

    @Test("of fish know commands, flags and their values", arguments: lines)
    func fish(line: String, expected: String) throws {
        let found = try bench.shell("fish --no-config -c \"source ./fish; complete -C '\(line)'\"")
        #expect(found.split(separator: "\n").contains { $0.split(separator: "\t").first == expected[...] }, "\(found)")
    }

    @Test("of zsh know commands, flags and their values", arguments: lines)
    func zsh(line: String, expected: String) throws {
        let script = FilePath(#filePath).removingLastComponent().appending("complete.py")
        let words = ["python3", script.string, bench.appending("zsh").string, line, expected]
        let outcome = try Running(words, on: bench, in: bench.path).finish()
        #expect(outcome.exitCode == 0, "\(outcome)")
    }
}
