import ArgumentParser
import Frontend
import Testing

@testable import Builder
@testable import layerbuild

@Suite("A failure")
struct FailureTests {
    @Test(
        "exits with the code of its kind",
        arguments: [
            (BuildError.Kind.step, nil, 1), (.recipe, nil, 2), (.input, nil, 3), (.network, nil, 4),
            (.resource, nil, 5),
            (.store, nil, 6), (.machine, nil, 7), (.interrupted(signal: 2), nil, 130),
            (.interrupted(signal: 0), 15, 143), (.step, 2, 130), (.recipe, 15, 2),
        ] as [(BuildError.Kind, Int32?, Int32)])
    func exitCodes(_ kind: BuildError.Kind, _ signal: Int32?, _ code: Int32) {
        #expect(layerbuild.ExitCode(kind, signal: signal).rawValue == code)
    }

    @Test("shows the place, the hint and the end of the output, with nothing that a terminal would obey")
    func text() {
        let source = RecipeSource(name: "Recipe", text: "FROM a\nRUN make\n")
        let error = BuildError(
            .step, "step-failed", "the command ended with exit code 2", at: SourceSpan(7, 15), hint: "look below",
            details: ["cc -c a.c", "\u{1B}[31ma.c:1: error\u{07}"])
        #expect(
            Failure(error, in: source, signal: nil).text(.plain) == """
                error[step-failed]: the command ended with exit code 2
                 --> Recipe:2:1
                  |
                2 | RUN make
                  | ^^^^^^^^
                  = hint: look below
                  | cc -c a.c
                  | a.c:1: error\\u{7}

                """)
    }

    @Test("of the recipe keeps what there is to add")
    func notes() {
        let diagnostic = Diagnostic(
            .error, "unknown-image", "the store has no image `debain`",
            notes: [Diagnostic.Note("the store has `debian:latest`")])
        let failure = Failure(BuildError(diagnostic), signal: nil)
        #expect(failure.text(.plain).hasSuffix("\n  = note: the store has `debian:latest`\n"))
        #expect(ProgressJSON().show(failure).contains(#""notes":["the store has `debian:latest`"]"#))
    }

    @Test(
        "to read the command line is one clause with a guess",
        arguments: [
            (["--tga", "x", "."], "unknown option `--tga`", "did you mean `--tag`?"),
            (["--gpus", "all", "."], "unknown option `--gpus`", nil),
            (["a", "b"], "unexpected argument `b`", nil), ([], "missing expected argument `<context>`", nil),
        ] as [([String], String, String?)])
    func arguments(_ arguments: [String], _ message: String, _ hint: String?) throws {
        do {
            _ = try Layerbuild.parseAsRoot(arguments)
            Issue.record("the arguments were taken")
        } catch {
            let failure = Failure(any: error)
            #expect(failure.exitCode == .usage)
            #expect(failure.diagnostic.message == message)
            if let hint { #expect(failure.diagnostic.hint == hint) }
        }
    }
}

@Suite("Commands")
struct CommandTests {
    @Test("are told from contexts by their name, and build need not be named")
    func names() throws {
        #expect(try Layerbuild.parseAsRoot(["images"]) is ImagesCommand)
        let build = try Layerbuild.parseAsRoot(["-f", "Recipe", "./images"]) as? BuildCommand
        #expect(build?.context == "./images")
        #expect(try Layerbuild.parseAsRoot(["build", "--no-cache", "."]) is BuildCommand)
        #expect(try Layerbuild.parseAsRoot(["load", "x.tar"]) is ImportCommand)
    }
}
