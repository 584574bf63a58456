/// Understands instructions: keyword → parser, as a table.
package enum InstructionParser {
    typealias Parser = @Sendable (InstructionRequest) throws(Diagnostic) -> Instruction

    private static let table: [Keyword: Parser] = [
        .add: { request throws(Diagnostic) in .add(try Add(request)) },
        .arg: { request throws(Diagnostic) in .arg(try Argument.all(in: request)) },
        .cmd: { request throws(Diagnostic) in .cmd(try command(request, .cmd)) },
        .copy: { request throws(Diagnostic) in .copy(try Copy(request)) },
        .entrypoint: { request throws(Diagnostic) in .entrypoint(try command(request, .entrypoint)) },
        .env: { request throws(Diagnostic) in .env(try Binding.all(in: request, of: .env)) },
        .expose: { request throws(Diagnostic) in .expose(try ports(request)) },
        .from: { request throws(Diagnostic) in .from(try From(request)) },
        .healthcheck: { request throws(Diagnostic) in .healthcheck(try HealthcheckInstruction(request)) },
        .label: { request throws(Diagnostic) in .label(try Binding.all(in: request, of: .label)) },
        .maintainer: { request throws(Diagnostic) in .maintainer(try single(request, .maintainer).located) },
        .onbuild: { request throws(Diagnostic) in .onbuild(try Trigger(request)) },
        .run: { request throws(Diagnostic) in .run(try Run(request)) },
        .shell: { request throws(Diagnostic) in .shell(try shell(request)) },
        .stopsignal: { request throws(Diagnostic) in .stopsignal(try request.onlyWord(.stopsignal)) },
        .user: { request throws(Diagnostic) in .user(try single(request, .user)) },
        .volume: { request throws(Diagnostic) in .volume(try volumes(request)) },
        .workdir: { request throws(Diagnostic) in .workdir(try single(request, .workdir)) },
    ]

    static func parse(_ request: InstructionRequest) throws(Diagnostic) -> Instruction {
        guard let keyword = request.keyword, let parser = table[keyword] else {
            throw .unknownInstruction(request.typedKeyword)
        }
        return try parser(request)
    }

    /// Parses a trigger that a base image carries.
    ///
    /// Places in the result and in errors are places in `source`, which holds the trigger's text alone.
    package static func parseTrigger(_ source: RecipeSource) throws(Diagnostic) -> ParsedInstruction {
        var reader = InstructionReader(source)
        guard let first = try reader.next(), try reader.next() == nil else {
            throw Diagnostic(.error, "bad-trigger", "a trigger must be one instruction", at: SourceSpan(0, 0))
        }
        guard first.keyword != .from else {
            throw Diagnostic(.error, "bad-trigger", "FROM cannot be a trigger", at: first.typedKeyword.span)
        }
        return first
    }
}

extension InstructionParser {
    private static func command(_ request: InstructionRequest, _ keyword: Keyword) throws(Diagnostic) -> CommandLine {
        try request.refuseFlags(keyword)
        return try request.commandLine(in: request.arguments)
    }

    private static func single(_ request: InstructionRequest, _ keyword: Keyword) throws(Diagnostic) -> Word {
        let word = try request.onlyWord(keyword)
        try request.refuseFlags(keyword)
        return word
    }

    private static func ports(_ request: InstructionRequest) throws(Diagnostic) -> [Word] {
        guard !request.arguments.isEmpty else { throw request.missingArgument(.expose, "EXPOSE needs a port") }
        try request.refuseFlags(.expose)
        return request.line.split(request.arguments).map(request.line.word)
    }

    private static func shell(_ request: InstructionRequest) throws(Diagnostic) -> [Located<String>] {
        try request.refuseFlags(.shell)
        guard !request.arguments.isEmpty else { throw request.missingArgument(.shell, "SHELL needs a program") }
        guard let words = try JSONForm.strings(in: request.arguments, of: request.line) else {
            throw Diagnostic(
                .error, "shell-not-json", "SHELL takes a JSON form only",
                at: request.line.origin.span(request.arguments), hint: Keyword.shell.usage)
        }
        guard !words.isEmpty else { throw request.missingArgument(.shell, "SHELL needs a program") }
        return words.map(\.located)
    }

    private static func volumes(_ request: InstructionRequest) throws(Diagnostic) -> [Word] {
        let words = try request.words()
        guard !words.isEmpty else { throw request.missingArgument(.volume, "VOLUME needs a path") }
        try request.refuseFlags(.volume)
        return try words.map { word throws(Diagnostic) in
            let trimmed = word.trimmed
            guard !trimmed.text.isEmpty else {
                throw Diagnostic(.error, "empty-volume", "a volume's path cannot be empty", at: word.span)
            }
            return trimmed
        }
    }
}

extension Diagnostic {
    static func unknownInstruction(_ typed: Located<String>) -> Diagnostic {
        let guess = closest(to: typed.value, in: Keyword.allCases.map(\.rawValue))
        // What is no recipe at all may be one long word.
        let word = typed.value.count > 40 ? "\(typed.value.prefix(40))…" : typed.value
        return Diagnostic(
            .error, "unknown-instruction", "no instruction begins with `\(word)`", at: typed.span,
            hint: guess.map { "did you mean `\($0)`?" }
                ?? "if this line continues the one above, end that one with the escape character")
    }
}
