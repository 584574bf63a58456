import Linux
import OCI
import Testing

/// Checks need neither a store nor rights.
@Suite("Checks")
struct CheckTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.write("context/secret.txt", "x")
        try bench.write("context/.dockerignore", "secret.txt\n")
    }

    private func check(_ recipe: String, _ flags: String...) throws -> Outcome {
        try bench.write("context/Dockerfile", recipe)
        return try bench.start(["check"] + flags + ["."]).finish()
    }

    @Test("End with 0 when there are only warnings, which stand on standard output")
    func warnings() throws {
        let outcome = try check("FROM scratch as base\nCOPY secret.txt /\n")
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(outcome.output.contains("warning[FromAsCasing]: "))
        #expect(outcome.output.contains("warning[CopyIgnoredFile]: "))
        #expect(outcome.output.hasSuffix("\n2 warnings\n"))
    }

    @Test("End with 2 when the recipe is wrong, or wants warnings to be errors")
    func errors() throws {
        let wrong = try check("FROM scratch as base\nCOPPY a b\n")
        #expect(wrong.exitCode == 2 && wrong.output.contains("FromAsCasing"), "\(wrong)")
        #expect(wrong.errorLine?.hasPrefix("error[unknown-instruction]") == true)
        let strict = try check("# check=error=true\nFROM scratch as base\nCOPY a b\n")
        #expect(strict.exitCode == 2, "\(strict)")
        #expect(strict.errorLine?.hasPrefix("error[check-failed]") == true)
    }

    @Test("Say what they found in the shape that BuildKit has")
    func json() throws {
        let outcome = try check("FROM scratch as base\nCOPPY a b\n", "--format", "json")
        let document = try #require(try JSONValue.parse(Array(outcome.output.utf8)).object)
        let warning = try #require(document["warnings"]?.array?.first?.object)
        #expect(warning["ruleName"] == "FromAsCasing")
        let range = warning["location"]?.object?["ranges"]?.array?.first?.object
        #expect(range?["start"] == ["line": 1, "character": 13])
        #expect(range?["end"] == ["line": 1, "character": 15])
        #expect(document["sources"]?.array?.first?.object?["data"] == "RlJPTSBzY3JhdGNoIGFzIGJhc2UKQ09QUFkgYSBiCg==")
        #expect(document["buildError"]?.object?["message"]?.string?.hasPrefix("unknown-instruction: ") == true)
    }

    @Test("Say in SARIF where a pull request can be annotated")
    func sarif() throws {
        try bench.write("context/sub dir/Dockerfile", "FROM scratch\n# é\nCMD é é\n")
        let outcome = try bench.start(["check", "--format=sarif", "sub dir"]).finish()
        #expect(outcome.exitCode == 0, "\(outcome)")
        let document = try #require(try JSONValue.parse(Array(outcome.output.utf8)).object)
        let run = try #require(document["runs"]?.array?.first?.object)
        let result = try #require(run["results"]?.array?.first?.object)
        #expect(result["ruleId"] == "JSONArgsRecommended" && result["level"] == "warning")
        let place = try #require(result["locations"]?.array?.first?.object?["physicalLocation"]?.object)
        #expect(place["artifactLocation"] == ["uri": "sub%20dir/Dockerfile"])
        #expect(place["region"] == ["startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 4])
    }

    @Test("Are made by `--check` and `--call` too, which build nothing")
    func flags() throws {
        try bench.write("context/Dockerfile", "FROM scratch as base\nCOPY a b\n")
        for flag in ["--check", "--call=check"] {
            let outcome = try bench.layerbuild(flag, ".")
            #expect(outcome.exitCode == 0 && outcome.output.contains("FromAsCasing"), "\(outcome)")
        }
        #expect(try bench.names(in: "context").sorted() == [".dockerignore", "Dockerfile", "secret.txt"])
    }

    @Test("List stages, and what can be given to them")
    func outline() throws {
        try bench.write(
            "context/Dockerfile",
            """
            # VERSION is which one
            ARG VERSION=1.2
            # app is what runs
            FROM busybox:$VERSION AS app
            RUN --mount=type=secret,id=key,required true
            """)
        let targets = try bench.layerbuild("--call=targets", ".")
        #expect(
            targets.output
                == "TARGET         BASE              DESCRIPTION\napp (default)  busybox:$VERSION  is what runs\n")
        let outline = try bench.layerbuild("--call=outline", ".")
        #expect(
            outline.output == """
                TARGET:      app
                DESCRIPTION: is what runs

                BUILD ARG  VALUE  DESCRIPTION
                VERSION    1.2    is which one

                SECRET  REQUIRED
                key     true

                """)
    }

    @Test("Print a recipe for other programs")
    func parse() throws {
        let text = "FROM scratch\nCOPY --chown=1 <<EOF a \\\n  /b\nx\nEOF\nCMD [\"a\", \"b c\"]\n"
        try bench.write("context/Dockerfile", text)
        let outcome = try bench.layerbuild("parse", "--json", "Dockerfile")
        let document = try #require(try JSONValue.parse(Array(outcome.output.utf8)).object)
        let instructions = try #require(document["instructions"]?.array).compactMap(\.object)
        #expect(instructions.map { $0["keyword"] } == ["FROM", "COPY", "CMD"])
        func words(_ object: JSONObject?) -> [String] {
            (object?["arguments"]?.array ?? []).compactMap { $0.object?["text"]?.string }
        }
        #expect(words(instructions[1]) == ["<<EOF", "a", "/b"])
        #expect(instructions[1]["flags"]?.array?.first?.object?["value"] == "1")
        #expect(instructions[1]["heredocs"]?.array?.first?.object?["content"] == "x\n")
        #expect(words(instructions[2]) == ["a", "b c"] && instructions[2]["json"] == true)
        #expect(
            instructions[2]["span"]?.object?["start"] == ["line": 6, "column": 1, "offset": 49], "\(outcome.output)")
    }
}

@Suite("Warnings of a build", .needsRoot)
struct BuildWarningTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    @Test("Are told in a line each, but not with -q")
    func told() throws {
        let recipe = "FROM scratch as base\nCOPY <<EOF /a\nx\nEOF\n"
        let outcome = try bench.build(recipe)
        try expectSuccess(outcome)
        #expect(outcome.error.contains("warning[FromAsCasing]: `as` is not in the letter case of `FROM` (line 1)\n"))
        let quiet = try bench.start(["-q", "-f", "../Recipe", "-o", "type=none", "."]).finish()
        #expect(quiet.exitCode == 0 && quiet.error.isEmpty, "\(quiet)")
    }

    @Test("Are errors where the recipe wants them to be, before a step runs")
    func errors() throws {
        let outcome = try bench.build("# check=error=true\nFROM scratch as base\nCOPY <<EOF /a\nx\nEOF\n")
        #expect(outcome.exitCode == 2 && outcome.executed.isEmpty, "\(outcome)")
        #expect(outcome.errorLine?.hasPrefix("error[check-failed]") == true)
        let skipped = try bench.build(
            "# check=error=true\nFROM scratch as base\nCOPY <<EOF /a\nx\nEOF\n", "--build-arg",
            "BUILDKIT_DOCKERFILE_CHECK=skip=all")
        try expectSuccess(skipped)
    }

    @Test("Never show the value of a secret that they are about")
    func secret() throws {
        try bench.write("context/key", "hunter2hunter2\n")
        let outcome = try bench.build(
            "FROM scratch\nARG T\nENV A=$T\nCOPY <<EOF /a\nx\nEOF\n", "--secret", "id=key,src=key", "--build-arg",
            "T=hunter2hunter2")
        try expectSuccess(outcome)
        #expect(outcome.error.contains("warning[SecretValueInArgOrEnv]: "))
        #expect(!outcome.error.contains("hunter2"))
    }
}
