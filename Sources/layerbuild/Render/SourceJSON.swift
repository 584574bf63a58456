import Builder
import Frontend
import OCI

/// What was found in a recipe as objects, in the shape in which BuildKit answers.
///
/// Lines are counted from 1, characters from 0, as code points; the end is behind the last character.
struct SourceJSON {
    private let source: RecipeSource

    init(_ source: RecipeSource) { self.source = source }

    func object(_ report: CheckReport) -> JSONValue {
        let recipe: JSONValue = [
            "filename": .string(source.name), "language": "Dockerfile", "data": .string(Base64.encoded(source.bytes)),
        ]
        var object = JSONObject([
            ("warnings", .array(report.findings.map(self.object))), ("sources", .array([recipe])),
        ])
        if let problem = report.problem {
            var error = JSONObject([("message", .string("\(problem.code): \(problem.message)"))])
            let nowhere: JSONValue = .object(JSONObject([]))
            error["location"] = problem.span.map(location) ?? nowhere
            object["buildError"] = .object(error)
        }
        return .object(object)
    }

    private func object(_ finding: LintFinding) -> JSONValue {
        [
            "ruleName": .string(finding.rule), "description": .string(finding.summary),
            "detail": .string(finding.diagnostic.message), "location": location(finding.span),
        ]
    }

    func object(_ outline: RecipeOutline) -> JSONValue {
        var object = JSONObject([])
        object["name"] = outline.name.map(JSONValue.string)
        object["description"] = outline.description.map(JSONValue.string)
        object["args"] = .array(
            outline.arguments.map { argument in
                var object = JSONObject([("name", .string(argument.name))])
                object["description"] = argument.description.map(JSONValue.string)
                object["value"] = argument.value.map(JSONValue.string)
                object["location"] = location(argument.span)
                return .object(object)
            })
        object["secrets"] = .array(outline.secrets.map(self.object))
        object["ssh"] = .array(outline.agents.map(self.object))
        object["sources"] = .array([.string(Base64.encoded(source.bytes))])
        return .object(object)
    }

    private func object(_ credential: RecipeOutline.Credential) -> JSONValue {
        var object = JSONObject([("name", .string(credential.id))])
        if credential.isRequired { object["required"] = true }
        object["location"] = location(credential.span)
        return .object(object)
    }

    func object(_ list: TargetList) -> JSONValue {
        let targets = list.targets.map { target -> JSONValue in
            var object = JSONObject([])
            object["name"] = target.name.map(JSONValue.string)
            if target.isDefault { object["default"] = true }
            object["description"] = target.description.map(JSONValue.string)
            object["base"] = .string(target.base)
            object["platform"] = target.platform.map(JSONValue.string)
            object["location"] = location(target.span)
            return .object(object)
        }
        return ["targets": .array(targets), "sources": .array([.string(Base64.encoded(source.bytes))])]
    }

    func location(_ span: SourceSpan) -> JSONValue {
        ["ranges": [["start": position(span.start), "end": position(span.end)]]]
    }

    private func position(_ offset: Int) -> JSONValue {
        let position = source.position(at: offset)
        return ["line": .integer(Int64(position.line)), "character": .integer(Int64(position.column - 1))]
    }
}
