import OCI

/// Which language the recipe says it is written in, in any of the ways that docker recognises.
enum SyntaxDirective {
    /// Repositories whose language this program reads.
    private static let known = ["docker/dockerfile", "docker/dockerfile-upstream"]

    /// - Throws: if another program would be needed to read the recipe.
    static func check(_ source: RecipeSource) throws(Diagnostic) {
        guard let syntax = find(in: source) else { return }
        let image = syntax.value.cut(at: " ").before
        guard !isKnown(image) else { return }
        throw Diagnostic(
            .error, "unsupported-syntax", "the recipe asks to be read by `\(image)`, which is not supported",
            at: syntax.span, hint: "use `docker/dockerfile:1`, or remove the directive")
    }

    /// The same for the build argument by which docker is told to use another program.
    static func check(argument: String) throws(Diagnostic) {
        let image = String(argument.prefix { $0 != " " })
        guard !image.isEmpty, !isKnown(image) else { return }
        throw Diagnostic(
            .error, "unsupported-syntax",
            "the build argument `BUILDKIT_SYNTAX` asks for `\(image)`, which is not supported",
            hint: "use `docker/dockerfile:1`, or leave the argument out")
    }

    private static func isKnown(_ image: String) -> Bool {
        var repository = image.prefix { $0 != "@" }
        if let colon = repository.lastIndex(of: ":"), !repository[colon...].contains("/") {
            repository = repository[..<colon]
        }
        // Mirrors keep the name behind their own.
        return known.contains { repository == $0 || repository.hasSuffix("/" + $0) }
    }

    private static func find(in source: RecipeSource) -> Located<String>? {
        for sign in ["#", "//"] {
            if let found = DirectiveSetting.first("syntax", in: source, after: sign) { return found }
        }
        return fromJSON(source)
    }

    /// The recipe may be a JSON document for another program, whose member `syntax` names it.
    private static func fromJSON(_ source: RecipeSource) -> Located<String>? {
        var first = DirectiveSetting.firstByte(of: source)
        if source.bytes[first...].starts(with: "#!".utf8) {
            first = source.lineStarts.count > 1 ? source.lineStarts[1] : source.bytes.count
        }
        guard first < source.bytes.count, source.bytes[first] == UInt8(ascii: "{"),
            let syntax = try? JSONValue.parse(Array(source.bytes[first...])).object?["syntax"]?.string
        else { return nil }
        return Located(syntax, at: SourceSpan(first, first + 1))
    }
}
