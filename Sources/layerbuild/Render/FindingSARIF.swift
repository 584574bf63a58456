import Builder
import Frontend
import OCI
import SystemPackage

/// What was found in a recipe as a SARIF 2.1.0 log, from which code hosts annotate pull requests.
struct FindingSARIF {
    private let report: CheckReport
    private let folder: FilePath

    /// Paths in the log are relative to `folder`, as far as they lie in it.
    init(_ report: CheckReport, from folder: FilePath) {
        self.report = report
        self.folder = folder
    }

    var document: JSONValue {
        let rules = Linter.rules.map { rule -> JSONValue in
            ["id": .string(rule.name), "shortDescription": ["text": .string(rule.summary)]]
        }
        let numbers = Dictionary(uniqueKeysWithValues: Linter.rules.enumerated().map { ($1.name, $0) })
        var results = report.findings.map { finding in
            result(finding.diagnostic, "warning", rule: numbers[finding.rule])
        }
        if let problem = report.problem { results.append(result(problem, "error", rule: nil)) }
        let driver: JSONValue = [
            "name": "layerbuild", "version": .string(Layerbuild.version), "rules": .array(rules),
        ]
        let run: JSONValue = [
            "tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results),
        ]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": .array([run]),
        ]
    }

    private func result(_ diagnostic: Diagnostic, _ level: JSONValue, rule: Int?) -> JSONValue {
        let text = diagnostic.message + (diagnostic.hint.map { "; \($0)" } ?? "")
        var object = JSONObject([("ruleId", .string(diagnostic.code))])
        object["ruleIndex"] = rule.map { .integer(Int64($0)) }
        object["level"] = level
        object["message"] = ["text": .string(text)]
        let file: JSONValue = ["uri": .string(uri)]
        var place = JSONObject([("artifactLocation", file)])
        place["region"] = diagnostic.span.map(region)
        let location: JSONValue = ["physicalLocation": .object(place)]
        object["locations"] = .array([location])
        return .object(object)
    }

    private func region(_ span: SourceSpan) -> JSONValue {
        let (start, end) = (report.source.position(at: span.start), report.source.position(at: span.end))
        return [
            "startLine": .integer(Int64(start.line)), "startColumn": .integer(Int64(start.column)),
            "endLine": .integer(Int64(end.line)), "endColumn": .integer(Int64(end.column)),
        ]
    }

    /// The recipe's path as a URI reference.
    private var uri: String {
        guard var path = report.path else { return "stdin" }
        path.lexicallyNormalize()
        var root = folder
        root.lexicallyNormalize()
        let isInside = path.removePrefix(root)
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let escaped = Array(path.string.utf8).map { byte -> String in
            if plain.contains(byte) { return String(decoding: [byte], as: UTF8.self) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }
        return (isInside ? "" : "file://") + escaped.joined()
    }
}
