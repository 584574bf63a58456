import OCI
import Testing

@testable import Frontend

@Suite("What a recipe offers")
struct OutlineTests {
    private static let platform = Platform(os: "linux", architecture: "amd64")

    private func linted(_ text: String, target: String? = nil, arguments: ExactMap<String> = [:]) throws -> LintedRecipe
    {
        var options = PlanOptions(platform: Self.platform, buildPlatform: Self.platform)
        options.target = target
        options.arguments = arguments
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        return LintedRecipe(file, options, LintFacts(), reach: .check)
    }

    private static let arguments = """

        ARG inherited=box
        ARG inherited2=box2
        ARG unused=abc${inherited2}
        # sfx is a suffix
        ARG sfx="usy${inherited}"

        FROM b${sfx} AS first
        # this is not assigned to anything
        ARG FOO=123
        # BAR is a number
        ARG BAR=456
        RUN true

        FROM alpine${unused} AS second
        ARG BAZ
        RUN true

        FROM scratch AS third
        ARG ABC=a
        # check=skip=all
        ARG password
        # alternate_password will show up in the outline
        # check=skip=all
        ARG alternate_password

        # target defines build target
        FROM third AS target
        COPY --from=first /etc/passwd /

        FROM second
        """

    @Test("is the arguments that the target and the stages below it use, with values and descriptions")
    func usedArguments() throws {
        let outline = try RecipeOutline(linted(Self.arguments, target: "target", arguments: ["BAR": "678"]))
        #expect(outline.name == "target" && outline.description == "defines build target")
        let found = outline.arguments.map { "\($0.name)=\($0.value ?? "-") \($0.description ?? "-")" }
        #expect(
            found == [
                "inherited=box -", "sfx=usybox is a suffix", "FOO=123 -", "BAR=678 is a number", "ABC=a -",
                "password=- -", "alternate_password=- will show up in the outline",
            ])
    }

    @Test("has arguments that are defined from each other once, with their last values")
    func recursion() throws {
        let outline = try RecipeOutline(
            linted(
                """
                ARG FOO=123
                ARG ABC=abc
                ARG DEF=def
                ARG FOO=${FOO}${ABC}
                ARG BAR=${FOO}456
                ARG FOO=${FOO}456${BAR}
                FROM scratch
                ARG FOO
                ARG INFOO=123
                ARG INBAR=${INFOO}456
                ARG INFOO=${INFOO}456${INBAR}
                """))
        #expect(
            outline.arguments.map { "\($0.name)=\($0.value ?? "-")" } == [
                "ABC=abc", "BAR=123abc456", "FOO=123abc456123abc456", "INBAR=123456", "INFOO=123456123456",
            ])
    }

    @Test("is the secrets and agents that they mount, ids expanded")
    func credentials() throws {
        let text = """
            FROM busybox AS first
            RUN --mount=type=secret,target=/etc/passwd,required=true --mount=type=ssh true
            FROM alpine AS second
            RUN --mount=type=secret,id=unused --mount=type=ssh,id=ssh2 true
            FROM scratch AS third
            ARG BAR
            RUN --mount=type=secret,id=second${BAR} true
            FROM third AS target
            COPY --from=first /foo /
            RUN --mount=type=ssh,id=ssh3,required true
            FROM second
            """
        let outline = try RecipeOutline(linted(text, target: "target", arguments: ["BAR": "678"]))
        #expect(outline.secrets.map(\.id) == ["passwd", "second678"])
        #expect(outline.secrets.map(\.isRequired) == [true, false])
        #expect(outline.agents.map(\.id) == ["default", "ssh3"])
        #expect(outline.agents.map(\.isRequired) == [false, true])
    }

    @Test("is its stages, the last of which is built if nobody asks")
    func targets() throws {
        let list = TargetList(
            try linted(
                """
                # build defines stage for compiling the binary
                FROM alpine AS build
                FROM --platform=$BUILDPLATFORM busybox as Second
                FROM alpine
                # binary returns the compiled binary
                FROM second AS binary
                """))
        #expect(list.targets.map(\.name) == ["build", "second", nil, "binary"])
        #expect(list.targets.map(\.base) == ["alpine", "busybox", "alpine", "second"])
        #expect(list.targets.map(\.platform) == [nil, "$BUILDPLATFORM", nil, nil])
        #expect(list.targets.map(\.isDefault) == [false, false, false, true])
        #expect(
            list.targets.map(\.description) == [
                "defines stage for compiling the binary", nil, nil, "returns the compiled binary",
            ])
    }

    @Test("cannot be told of a target that is not there")
    func unknownTarget() throws {
        let recipe = try linted("FROM scratch AS a\n", target: "b")
        #expect(throws: Diagnostic.self) { try RecipeOutline(recipe) }
    }
}
