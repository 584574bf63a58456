/// Reads a recipe instruction by instruction: lines → requests → instructions.
struct InstructionReader {
    private var lines: LineReader
    private(set) var warnings: [Diagnostic] = []

    init(_ source: RecipeSource) { lines = LineReader(source) }

    var directives: Directives { lines.directives }

    mutating func next() throws(Diagnostic) -> ParsedInstruction? {
        guard let line = try lines.next() else { return nil }
        var request = InstructionRequest(line.range, of: line)
        if try request.announcesHeredocs() {
            for var heredoc in try HeredocMarker.all(in: line) {
                try lines.readBody(of: &heredoc)
                request.heredocs.append(heredoc)
            }
        }
        let instruction = try InstructionParser.parse(request)
        guard let keyword = request.keyword else { throw .unknownInstruction(request.typedKeyword) }
        warn(about: request, keyword)
        let span = request.heredocs.isEmpty ? request.span : SourceSpan(request.span.start, lines.end)
        return ParsedInstruction(
            instruction: instruction, keyword: keyword, typedKeyword: request.typedKeyword, span: span,
            text: line.text(line.bytes.trimmed(line.range)), leadingComments: line.comments,
            blankLines: line.blankLines, words: try ParsedWords(request, keyword))
    }

    private mutating func warn(about request: InstructionRequest, _ keyword: Keyword) {
        if [.arg, .stopsignal].contains(keyword), let flag = request.flags.flags.first {
            warnings.append(
                Diagnostic(.warning, "ignored-flag", "\(keyword.rawValue) ignores its flags", at: flag.nameSpan))
        }
        if keyword == .onbuild {
            do { _ = try InstructionParser.parse(request.inner) } catch {
                warnings.append(
                    Diagnostic(
                        .warning, error.code, "this will fail in builds that start from the image: \(error.message)",
                        at: error.span, hint: error.hint, notes: error.notes))
            }
        }
    }
}

extension RecipeFile {
    /// Reads and parses a whole recipe.
    ///
    /// - Throws: the first thing that is wrong with it. What can only be known once variables have values is not looked
    ///   at here.
    package static func parse(_ source: RecipeSource) throws(Diagnostic) -> RecipeFile {
        let (file, problem) = read(source)
        if let problem { throw problem }
        return file
    }

    /// A recipe up to the first thing that is wrong with it.
    package static func read(_ source: RecipeSource) -> (file: RecipeFile, problem: Diagnostic?) {
        var reader = InstructionReader(source)
        var instructions: [ParsedInstruction] = []
        var problem: Diagnostic?
        do {
            try read(source, &reader, &instructions)
        } catch {
            problem = error
        }
        let file = RecipeFile(
            source: source, directives: reader.directives, instructions: instructions, warnings: reader.warnings)
        return (file, problem)
    }

    private static func read(
        _ source: RecipeSource, _ reader: inout InstructionReader, _ instructions: inout [ParsedInstruction]
    ) throws(Diagnostic) {
        guard source.bytes.count <= RecipeSource.maximumSize else {
            throw Diagnostic(
                .error, "recipe-too-large", "the recipe is larger than \(RecipeSource.maximumSize >> 20) MiB")
        }
        try SyntaxDirective.check(source)
        var hasStage = false
        while let parsed = try reader.next() {
            hasStage = hasStage || parsed.keyword == .from
            guard hasStage || parsed.keyword == .arg else { throw .beforeFrom(parsed) }
            instructions.append(parsed)
        }
        guard hasStage else { throw .noStage(after: instructions) }
    }
}

extension Diagnostic {
    fileprivate static func beforeFrom(_ parsed: ParsedInstruction) -> Diagnostic {
        Diagnostic(
            .error, "no-stage", "\(parsed.keyword.rawValue) stands before the first FROM", at: parsed.typedKeyword.span,
            hint: "begin with `FROM image`; only ARG may stand before it")
    }

    fileprivate static func noStage(after instructions: [ParsedInstruction]) -> Diagnostic {
        guard let last = instructions.last else {
            return Diagnostic(
                .error, "empty-recipe", "the recipe has no instructions", hint: "begin with `FROM image`")
        }
        return Diagnostic(
            .error, "no-stage", "the recipe has no FROM", at: last.span, hint: "add `FROM image` below")
    }
}
