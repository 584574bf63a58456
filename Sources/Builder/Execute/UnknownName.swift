import Frontend

/// A name of `--chown` that the image has no line for.
enum UnknownName: Hashable, Sendable {
    case user(String)
    case group(String)

    private var code: String {
        switch self {
        case .user: "unknown-user"
        case .group: "unknown-group"
        }
    }

    private var fact: String {
        switch self {
        case .user(let name): "the image has no user `\(name)`"
        case .group(let name): "the image has no group `\(name)`"
        }
    }

    /// The files get an owner nevertheless.
    func warning(at span: SourceSpan?) -> Diagnostic {
        let stand =
            switch self {
            case .user: "so the files are root's"
            case .group: "so the files have the group of their user"
            }
        return Diagnostic(
            .warning, code, "\(fact), \(stand), as with docker", at: span,
            hint: "add it in a step before, or use a number")
    }

    /// There is no image to look into: the layer stands on nothing.
    var error: BuildError {
        BuildError(
            .recipe, code, "\(fact), which has no files here", hint: "use a number, or copy without --link onto a base")
    }
}
