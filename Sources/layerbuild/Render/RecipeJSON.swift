import Frontend
import OCI

/// A parsed recipe as an object: instructions with their words and places, nothing expanded.
///
/// Lines and columns are counted from 1, columns in code points, offsets in bytes from 0; an end is behind the last character.
struct RecipeJSON {
    private let file: RecipeFile

    init(_ file: RecipeFile) { self.file = file }

    var document: JSONValue {
        var directives = JSONObject([])
        directives["syntax"] = file.directives.syntax.map(located)
        directives["escape"] = file.directives.escape.map { escape in
            located(escape.map { String(decoding: [$0.rawValue], as: UTF8.self) })
        }
        directives["check"] = file.directives.check.map(located)
        return [
            "name": .string(file.source.name), "directives": .object(directives),
            "instructions": .array(file.instructions.map(object)),
        ]
    }

    private func object(_ parsed: ParsedInstruction) -> JSONValue {
        let words = parsed.words
        let flags = words.flags.map { flag -> JSONValue in
            var object = JSONObject([("name", .string(flag.name))])
            object["value"] = flag.value.map(JSONValue.string)
            object["span"] = span(flag.span)
            return .object(object)
        }
        var object = JSONObject([
            ("keyword", .string(parsed.keyword.rawValue)), ("typed", .string(parsed.typedKeyword.value)),
            ("span", span(parsed.span)), ("text", .string(parsed.text)),
            ("flags", .array(flags)), ("json", .bool(words.isJSON)),
            ("arguments", .array(words.arguments.map(located))), ("heredocs", .array(words.heredocs.map(self.object))),
        ])
        object["comments"] = .array(parsed.leadingComments.map(located))
        return .object(object)
    }

    private func object(_ heredoc: Heredoc) -> JSONValue {
        [
            "name": .string(heredoc.name), "expands": .bool(heredoc.expands), "stripsTabs": .bool(heredoc.stripsTabs),
            "span": span(heredoc.span), "content": .string(heredoc.content), "contentSpan": span(heredoc.bodySpan),
        ]
    }

    private func located(_ text: Located<String>) -> JSONValue {
        ["text": .string(text.value), "span": span(text.span)]
    }

    private func span(_ span: SourceSpan) -> JSONValue {
        ["start": position(span.start), "end": position(span.end)]
    }

    private func position(_ offset: Int) -> JSONValue {
        let position = file.source.position(at: offset)
        return [
            "line": .integer(Int64(position.line)), "column": .integer(Int64(position.column)),
            "offset": .integer(Int64(offset)),
        ]
    }
}
