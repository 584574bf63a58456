import OCI

/// `COPY [flags] source… destination`
package struct Copy: Hashable, Sendable {
    /// Paths and heredocs in the order in which they were written.
    package let sources: [CopySource]
    package let destination: Word
    /// An earlier stage, a named context or an image; may hold no variables, which the planner checks.
    package let from: Word?
    package let owner: Word?
    package let mode: Word?
    package let link: Bool
    package let keepsParents: Bool
    /// Patterns; variables in them are not replaced.
    package let excludes: [Located<String>]
}

/// Something that COPY or ADD takes.
package enum CopySource: Hashable, Sendable {
    /// A path or pattern; for ADD also an address.
    case path(Word)
    /// A file whose text stands in the recipe.
    case document(Heredoc)
}

extension Copy {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        let (sources, destination) = try CopySource.all(in: request, of: .copy)
        let flags = try FlagTable(
            request.flags, of: .copy,
            known: [
                "from": .single, "chown": .single, "chmod": .single, "link": .switched, "parents": .switched,
                "exclude": .repeated,
            ])
        self.sources = sources
        self.destination = destination
        // An empty value is none, as docker has it.
        from = flags.word("from").flatMap { $0.text.isEmpty ? nil : $0 }
        owner = flags.word("chown")
        mode = flags.word("chmod")
        link = try flags.truth("link") ?? false
        keepsParents = try flags.truth("parents") ?? false
        excludes = flags.words("exclude").map(\.located)
    }
}

extension CopySource {
    /// The arguments of COPY and ADD: all but the last are sources.
    static func all(
        in request: InstructionRequest, of keyword: Keyword
    ) throws(Diagnostic) -> (sources: [CopySource], destination: Word) {
        let line = request.line
        if let words = try JSONForm.strings(in: request.arguments, of: line) {
            guard words.count > 1, let last = words.last else { throw noDestination(request, keyword) }
            return (words.dropLast().map(CopySource.path), last)
        }
        let words = line.split(request.arguments)
        guard words.count > 1, let last = words.last else { throw noDestination(request, keyword) }
        if let heredoc = try? HeredocMarker.parse(last, of: line) {
            throw Diagnostic(
                .error, "heredoc-destination", "\(keyword.rawValue) cannot copy to a heredoc", at: heredoc.span,
                hint: "name the destination last: `\(keyword.rawValue) <<\(heredoc.name) destination`")
        }
        // Two heredocs of one name share the last one's text, as they do for docker.
        var named: ExactMap<Heredoc> = [:]
        for heredoc in request.heredocs { named[heredoc.name] = heredoc }
        let sources = try words.dropLast().map { range throws(Diagnostic) -> CopySource in
            guard let marker = try? HeredocMarker.parse(range, of: line) else { return .path(line.word(range)) }
            guard let heredoc = named[marker.name] else {
                throw Diagnostic(
                    .error, "unterminated-heredoc", "no text belongs to the heredoc `\(marker.name)`", at: marker.span,
                    hint: "close every quote and `${` on this line")
            }
            return .document(heredoc)
        }
        return (sources, line.word(last))
    }

    private static func noDestination(_ request: InstructionRequest, _ keyword: Keyword) -> Diagnostic {
        request.missingArgument(keyword, "\(keyword.rawValue) needs a source and a destination")
    }
}
