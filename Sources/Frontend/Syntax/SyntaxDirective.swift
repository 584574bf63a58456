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

    private static func isKnown(_ image: String) -> Bool {
        var repository = image.prefix { $0 != "@" }
        if let colon = repository.lastIndex(of: ":"), !repository[colon...].contains("/") {
            repository = repository[..<colon]
        }
        // Mirrors keep the name behind their own.
        return known.contains { repository == $0 || repository.hasSuffix("/" + $0) }
    }

    private static func find(in source: RecipeSource) -> Located<String>? {
        var first = 0
        if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { first = 3 }
        var line = 0
        if source.bytes[first...].starts(with: "#!".utf8) {
            line = 1
            first = line < source.lineStarts.count ? source.lineStarts[line] : source.bytes.count
        }
        for sign in ["#", "//"] {
            if let found = find(in: source, from: line, at: first, after: sign) { return found }
        }
        guard first < source.bytes.count, source.bytes[first] == UInt8(ascii: "{"),
            let syntax = try? JSONValue.parse(Array(source.bytes[first...])).object?["syntax"]?.string
        else { return nil }
        return Located(syntax, at: SourceSpan(first, first + 1))
    }

    private static func find(
        in source: RecipeSource, from line: Int, at first: Int, after sign: String
    ) -> Located<String>? {
        for line in line..<source.lineStarts.count {
            let bounds = source.bounds(ofLine: line)
            let range = max(bounds.lowerBound, min(first, bounds.upperBound))..<bounds.upperBound
            guard let setting = DirectiveSetting(range, of: source, after: sign) else { return nil }
            if setting.name == "syntax" { return setting.value }
        }
        return nil
    }
}
