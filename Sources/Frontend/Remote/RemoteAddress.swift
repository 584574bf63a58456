/// What a source of ADD, or a build context, is when it is no path.
package enum RemoteAddress: Hashable, Sendable {
    /// `https://…`
    case web(WebAddress)
    /// `https://….git`, `ssh://…`, `git://…`, `git@host:path`
    case git(GitAddress)

    /// The address that a text is; `nil` for a path.
    /// - Throws: a diagnostic without a place if the text is the address of a git repository that makes no sense.
    package static func parse(_ text: String) throws(Diagnostic) -> RemoteAddress? {
        if let address = try GitAddress.parse(text) { return .git(address) }
        return WebAddress(text).map(RemoteAddress.web)
    }

    /// The same for a build context, where `github.com/owner/name` stands for a repository as well.
    package static func parse(context text: String) throws(Diagnostic) -> RemoteAddress? {
        text.utf8.starts(with: "github.com/".utf8)
            ? try GitAddress.parse("https://\(text)", anyPath: true).map(Self.git) : try parse(text)
    }
}

extension Diagnostic {
    /// The same finding at a place of the recipe.
    func at(_ span: SourceSpan?) -> Diagnostic {
        Diagnostic(severity, code, message, at: self.span ?? span, hint: hint, notes: notes)
    }
}
