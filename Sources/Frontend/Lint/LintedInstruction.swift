/// An instruction of a stage and what its words become there.
struct LintedInstruction: Sendable {
    /// A variable that nothing defines, and one that may have been meant.
    struct Undefined: Hashable, Sendable {
        let name: Located<String>
        let guess: String?
    }

    /// A name that ARG or ENV gives a value.
    struct Setting: Hashable, Sendable {
        let name: Located<String>
        /// `nil` for an ARG that has none.
        let value: String?
    }

    /// A secret or an agent that RUN mounts.
    struct Credential: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case secret
            case agent
        }

        let kind: Kind
        let value: RecipeOutline.Credential
    }

    let parsed: ParsedInstruction
    /// Each name once.
    var undefined: [Undefined] = []
    /// It uses variables that a base which nobody has seen may define.
    var isUndecided = false
    /// The stage has a shell of its own here.
    var hasShell = false
    /// What WORKDIR names if it is relative and no WORKDIR of the recipe stands before it.
    var relativeWorkdir: Located<String>?
    /// The ports of EXPOSE.
    var ports: [Located<String>] = []
    /// The paths of the main context that COPY and ADD take.
    var contextSources: [Located<String>] = []
    /// What ARG and ENV set.
    var settings: [Setting] = []

    /// What RUN mounts of secrets and agents.
    var credentials: [Credential] = []

    init(_ parsed: ParsedInstruction) { self.parsed = parsed }
}
