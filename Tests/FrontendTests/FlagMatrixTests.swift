import OCI
import Testing

@testable import Frontend

/// Every instruction with every flag of the language, in every way in which a flag can be given.
///
/// One golden file an instruction, so that a rule that changes shows everywhere it holds.
@Suite("Every flag of every instruction")
struct FlagMatrixTests {
    /// Beside the other fixtures' folder.
    private static let folder = "../matrix"

    /// Each instruction with the place of its flags.
    private static let lines: [Keyword: String] = [
        .add: "ADD FLAG a /b", .arg: "ARG FLAG A=1", .cmd: "CMD FLAG true", .copy: "COPY FLAG a /b",
        .entrypoint: "ENTRYPOINT FLAG true", .env: "ENV FLAG A=1", .expose: "EXPOSE FLAG 80",
        .from: "FROM FLAG busybox", .healthcheck: "HEALTHCHECK FLAG CMD true", .label: "LABEL FLAG a=1",
        .maintainer: "MAINTAINER FLAG me", .onbuild: "ONBUILD FLAG RUN true", .run: "RUN FLAG true",
        .shell: "SHELL FLAG [\"/bin/sh\"]", .stopsignal: "STOPSIGNAL FLAG TERM", .user: "USER FLAG me",
        .volume: "VOLUME FLAG /v", .workdir: "WORKDIR FLAG /w",
    ]

    /// Something that is given a value: one that is right where it is known, and one that is not.
    private struct Option {
        let name: String
        /// `nil` for one that needs none.
        let value: String?
        let nonsense: String

        init(_ name: String, _ value: String?, _ nonsense: String) {
            self.name = name
            self.value = value
            self.nonsense = nonsense
        }
    }

    /// Every flag of the language, and one that no instruction has.
    private static let flags: [Option] = [
        Option("platform", "linux/arm64", "nowhere"), Option("mount", "type=tmpfs,target=/t", "type=nothing"),
        Option("network", "none", "some"), Option("security", "sandbox", "some"),
        Option("device", "vendor.com/class=name", "a,b"), Option("from", "other", "7"), Option("chown", "1:2", "1:2:3"),
        Option("chmod", "755", "999"), Option("link", nil, "perhaps"), Option("parents", nil, "perhaps"),
        Option("exclude", "*.o", "[a"), Option("checksum", "sha256:\(String(repeating: "0", count: 64))", "md5:0"),
        Option("keep-git-dir", nil, "perhaps"), Option("unpack", nil, "perhaps"), Option("interval", "1s", "soon"),
        Option("timeout", "1s", "soon"), Option("start-period", "1s", "soon"), Option("start-interval", "1s", "soon"),
        Option("retries", "3", "-1"), Option("nonsense", "1", "2"),
    ]

    @Test("gives its result, or the one error with its place", arguments: Keyword.allCases)
    func matrix(keyword: Keyword) throws {
        let line = try #require(Self.lines[keyword])
        var text = ""
        var unknown: [String] = []
        for flag in Self.flags {
            let valid = "--\(flag.name)" + (flag.value.map { "=\($0)" } ?? "")
            let first = Self.outcome(of: line, with: valid)
            if first.contains("[unknown-flag]") {
                // What an instruction does not know it does not know in any form.
                for form in [valid, "--\(flag.name)", "--\(flag.name)=", "\(valid) \(valid)"] {
                    expectUnknown(flag.name, in: Self.outcome(of: line, with: form))
                }
                unknown.append("--\(flag.name)")
                if flag.name == "nonsense" { text += Self.block("unknown flag", first) }
                continue
            }
            text += Self.block("valid", first)
            text += Self.block("without a value", Self.outcome(of: line, with: "--\(flag.name)"))
            text += Self.block("empty", Self.outcome(of: line, with: "--\(flag.name)="))
            text += Self.block("unknown value", Self.outcome(of: line, with: "--\(flag.name)=\(flag.nonsense)"))
            text += Self.block("twice", Self.outcome(of: line, with: "\(valid) \(valid)"))
        }
        text += "== unknown to \(keyword.rawValue)\n\(unknown.joined(separator: " "))\n"
        try GoldenFolder.expect(text, in: "\(Self.folder)/\(keyword.rawValue)")
    }

    /// The flag's name stands in the error, and carets under it and nothing else.
    private func expectUnknown(_ name: String, in outcome: String) {
        let lines = outcome.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("error[") } == 1, "\(outcome)")
        #expect(lines.contains { $0.hasPrefix("error[unknown-flag]: ") && $0.hasSuffix("`--\(name)`") }, "\(outcome)")
        let carets = lines.first { $0.contains("^") }
        #expect(carets?.count { $0 == "^" } == name.utf8.count + 2, "\(outcome)")
    }

    /// Every option of `RUN --mount`, and one that there is not.
    private static let options: [Option] = [
        Option("target", "/t", "/"), Option("source", "/s", "${"), Option("from", "busybox", "$X"),
        Option("readonly", "true", "perhaps"), Option("readwrite", "true", "perhaps"), Option("id", "name", "${"),
        Option("sharing", "locked", "some"), Option("mode", "0700", "9"), Option("uid", "5", "me"),
        Option("gid", "6", "us"), Option("size", "1m", "big"), Option("required", "true", "perhaps"),
        Option("env", "NAME", "${"), Option("nonsense", "1", "2"),
    ]

    @Test("of mounts: every option of every type", arguments: Mount.Kind.allCases)
    func mounts(kind: Mount.Kind) throws {
        var text = ""
        for option in Self.options {
            let valid = "\(option.name)=\(option.value ?? "")"
            let forms = [
                ("valid", valid), ("without a value", option.name), ("empty", "\(option.name)="),
                ("unknown value", "\(option.name)=\(option.nonsense)"), ("twice", "\(valid),\(valid)"),
            ]
            let target = option.name == "target" ? "" : ",target=/x"
            for (name, form) in forms {
                let flag = "--mount=type=\(kind.rawValue)\(target),\(form)"
                text += Self.block(name, Self.outcome(of: "RUN FLAG true", with: flag))
            }
        }
        try GoldenFolder.expect(text, in: "\(Self.folder)/mount-\(kind.rawValue)")
    }

    private static func block(_ form: String, _ outcome: String) -> String { "== \(form)\n\(outcome)\n" }

    /// The line as it is read and planned, or what is wrong with it.
    private static func outcome(of line: String, with flag: String) -> String {
        let line = line.replacing("FLAG", with: flag)
        let recipe = line.hasPrefix("FROM") ? line : "FROM scratch AS other\nFROM busybox\n\(line)"
        let source = RecipeSource(name: "Recipe", text: recipe)
        do {
            let file = try RecipeFile.parse(source)
            let last = RecipeFile(
                source: source, directives: file.directives, instructions: file.instructions.suffix(1),
                warnings: file.warnings)
            let plan = PlanGoldenTests.plan(source, PlanOptions(platform: .amd64, buildPlatform: .amd64))
            if plan.hasPrefix("error") { return "\(line)\n\(plan)" }
            return line + "\n" + InstructionPrinter(source: source).print(last) + mounts(in: plan)
        } catch {
            return line + "\n" + DiagnosticRenderer().render(error, in: source)
        }
    }

    private static func mounts(in plan: String) -> String {
        plan.split(separator: "\n").filter { $0.hasPrefix("    mount ") }.map { "\($0)\n" }.joined()
    }
}

extension Platform {
    fileprivate static let amd64 = Platform(os: "linux", architecture: "amd64")
}
