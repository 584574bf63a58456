import OCI

/// `FROM [--platform=P] image [AS name]`: begins a stage.
package struct From: Hashable, Sendable {
    /// An image, an earlier stage or `scratch`, known only after expansion with the global arguments.
    package let image: Word
    /// `AS` as typed; its letter case is a matter of style only.
    package let asKeyword: Located<String>?
    /// The stage's name as typed.
    package let typedName: Located<String>?
    package let platform: Word?
    /// What the comment above says about the stage.
    package let description: String?

    /// The name by which others refer to the stage: letter case does not count.
    package var name: String? { typedName?.value.inLowerCase }
}

extension From {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        let line = request.line
        let words = line.split(request.arguments)
        switch words.count {
        case 1:
            asKeyword = nil
            typedName = nil
        case 3 where line.text(words[1]).lowercased() == "as":
            asKeyword = line.located(words[1])
            typedName = try Self.checkedName(line.located(words[2]))
        case 0: throw request.missingArgument(.from, "FROM needs an image")
        default:
            throw Diagnostic(
                .error, "from-arguments", "FROM takes an image, or an image, `AS` and a name",
                at: line.origin.span(words[1].lowerBound..<request.arguments.upperBound), hint: Keyword.from.usage)
        }
        let flags = try FlagTable(request.flags, of: .from, known: ["platform": .single])
        image = line.word(words[0])
        platform = flags.word("platform").flatMap { $0.text.isEmpty ? nil : $0 }
        description = typedName.flatMap { line.descriptions()[$0.value.inLowerCase] }
    }

    private static func checkedName(_ name: Located<String>) throws(Diagnostic) -> Located<String> {
        let bytes = Array(name.value.inLowerCase.utf8)
        let isValid = bytes.allSatisfy { $0.isLetter || $0.isDigit || "-_.".utf8.contains($0) }
        guard isValid, let first = bytes.first, first.isLetter else {
            throw Diagnostic(
                .error, "bad-stage-name", "`\(name.value)` cannot be a stage's name", at: name.span,
                hint: "a name begins with a letter and holds letters, digits, `-`, `_` and `.`")
        }
        return name
    }
}

extension LogicalLine {
    /// What the comments above say about names: the first word of each comment, and the rest of the first such comment.
    func descriptions() -> ExactMap<String> {
        var descriptions: ExactMap<String> = [:]
        for comment in comments.reversed() {
            let (name, description) = comment.value.cut(at: " ")
            if let description { descriptions[name] = description }
        }
        return descriptions
    }
}
