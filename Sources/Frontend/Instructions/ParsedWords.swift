/// What an instruction is made of, before it means anything: for programs that read recipes for another purpose than
/// building them.
package struct ParsedWords: Hashable, Sendable {
    package struct Flag: Hashable, Sendable {
        /// Without the dashes.
        package let name: String
        /// `nil` without an equals sign. Quotes and escapes are taken away, variables are not.
        package let value: String?
        package let span: SourceSpan
    }

    package let flags: [Flag]
    /// The strings of a JSON form; the whole line of a command, a name or a path; else the words between blanks. Quotes,
    /// escapes and variables stay in what is no JSON.
    package let arguments: [Located<String>]
    package let isJSON: Bool
    package let heredocs: [Heredoc]

    /// - Throws: what reading the JSON form throws.
    init(_ request: InstructionRequest, _ keyword: Keyword) throws(Diagnostic) {
        flags = request.flags.flags.map { Flag(name: $0.name, value: $0.value?.text, span: $0.span) }
        heredocs = request.heredocs
        let line = request.line
        let strings = keyword.takesJSON ? try JSONForm.strings(in: request.arguments, of: line) : nil
        isJSON = strings != nil
        if let strings {
            arguments = strings.map(\.located)
            return
        }
        let ranges: [Range<Int>] =
            switch keyword {
            case .run, .cmd, .entrypoint, .healthcheck, .maintainer, .onbuild, .stopsignal, .user, .workdir:
                request.arguments.isEmpty ? [] : [request.arguments]
            case .arg, .env, .label: line.quotedWords(request.arguments)
            case .add, .copy, .expose, .from, .shell, .volume: line.split(request.arguments)
            }
        arguments = ranges.map(line.located)
    }
}

extension Keyword {
    fileprivate var takesJSON: Bool {
        switch self {
        case .add, .cmd, .copy, .entrypoint, .run, .shell, .volume: true
        case .arg, .env, .expose, .from, .healthcheck, .label, .maintainer, .onbuild, .stopsignal, .user, .workdir:
            false
        }
    }
}
