/// An instruction split into keyword, flags and arguments, not yet understood.
struct InstructionRequest {
    let line: LogicalLine
    let typedKeyword: Located<String>
    /// `nil` if no instruction begins with this word.
    let keyword: Keyword?
    let flags: FlagList
    /// Where the arguments stand in the line, trimmed.
    let arguments: Range<Int>
    var heredocs: [Heredoc] = []

    /// Splits a part of a line: ONBUILD holds a whole instruction.
    init(_ range: Range<Int>, of line: LogicalLine) {
        self.line = line
        let range = line.bytes.trimmed(range)
        let end = line.bytes[range].firstIndex(where: \.isBlank) ?? range.upperBound
        typedKeyword = line.located(range.lowerBound..<end)
        keyword = Keyword(ignoringCase: typedKeyword.value)
        flags = FlagList(in: end..<range.upperBound, of: line)
        arguments = flags.rest
    }

    /// The place of the whole instruction, heredocs left out.
    var span: SourceSpan { line.origin.span(line.bytes.trimmed(line.range)) }

    /// The instruction that ONBUILD holds.
    var inner: InstructionRequest {
        var inner = InstructionRequest(arguments, of: line)
        inner.heredocs = heredocs
        return inner
    }

    /// Whether `<<EOF` announces lines here: in RUN, COPY and ADD, and in ONBUILD of these, but not in JSON forms.
    func announcesHeredocs() throws(Diagnostic) -> Bool {
        guard line.bytes.indices.dropLast().contains(where: { line.bytes[$0] == .less && line.bytes[$0 + 1] == .less })
        else { return false }
        let request = keyword == .onbuild ? inner : self
        guard let keyword = request.keyword, [.run, .copy, .add].contains(keyword) else { return false }
        return try JSONForm.strings(in: request.arguments, of: line) == nil
    }

    /// The words of the arguments: the strings of a JSON form, or what blanks separate.
    func words() throws(Diagnostic) -> [Word] {
        if let strings = try JSONForm.strings(in: arguments, of: line) { return strings }
        return line.split(arguments).map(line.word)
    }

    /// The arguments as a command: a JSON form or a line for the shell.
    func commandLine(in range: Range<Int>) throws(Diagnostic) -> CommandLine {
        guard let strings = try JSONForm.strings(in: range, of: line) else { return .shell(line.located(range)) }
        return .exec(strings.map(\.located))
    }

    /// All arguments as one word, of which there must be some.
    func onlyWord(_ keyword: Keyword) throws(Diagnostic) -> Word {
        guard !arguments.isEmpty else { throw missingArgument(keyword, "\(keyword.rawValue) needs an argument") }
        return line.word(arguments)
    }

    /// Refuses every flag.
    func refuseFlags(_ keyword: Keyword) throws(Diagnostic) { _ = try FlagTable(flags, of: keyword, known: [:]) }

    func missingArgument(_ keyword: Keyword, _ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(.error, "missing-argument", message, at: typedKeyword.span, hint: hint ?? keyword.usage)
    }
}

extension Keyword {
    /// How the instruction is written, for hints.
    var usage: String {
        let pattern =
            switch self {
            case .add, .copy: "source… destination"
            case .arg: "name[=default]"
            case .cmd, .entrypoint, .run: "command"
            case .env, .label: "name=value…"
            case .expose: "port[/protocol]…"
            case .from: "image [AS name]"
            case .healthcheck: "CMD command` or `HEALTHCHECK NONE"
            case .maintainer: "name"
            case .onbuild: "instruction"
            case .shell: "[\"program\", \"argument\"]"
            case .stopsignal: "signal"
            case .user: "user[:group]"
            case .volume: "path…"
            case .workdir: "path"
            }
        return "write `\(rawValue) \(pattern)`"
    }
}
