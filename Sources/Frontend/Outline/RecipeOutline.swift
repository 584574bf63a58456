import OCI

/// What can be given to a build of a target: arguments, secrets and agents that its stages use.
package struct RecipeOutline: Hashable, Sendable {
    /// An ARG.
    package struct Argument: Hashable, Sendable {
        package let name: String
        /// Its default, or what was given for it; `nil` if there is neither.
        package let value: String?
        package let description: String?
        package let span: SourceSpan
    }

    /// A secret or an agent.
    package struct Credential: Hashable, Sendable {
        package let id: String
        package let isRequired: Bool
        package let span: SourceSpan
    }

    /// `nil` if the stage has none.
    package private(set) var name: String?
    package private(set) var description: String?
    /// These three each once, in the order of the recipe.
    package private(set) var arguments: [Argument] = []
    package private(set) var secrets: [Credential] = []
    package private(set) var agents: [Credential] = []

    /// - Throws: if the recipe has no such target.
    package init(_ linted: LintedRecipe) throws(Diagnostic) {
        let target = try Recipe(linted.file).target(linted.options.target)
        name = linted.stages[target].stage.name
        description = linted.stages[target].stage.from.description
        let globals = GlobalArguments(linted)
        var uses = Uses()
        var (open, seen): ([Int], Set<Int>) = ([target], [target])
        while let index = open.popLast() {
            let stage = linted.stages[index]
            uses.take(stage, globals, linted)
            for other in stage.usedStages where other < index && seen.insert(other).inserted { open.append(other) }
        }
        arguments = uses.arguments.sorted.map(\.value).sorted { $0.span.start < $1.span.start }
        secrets = uses.secrets.sorted.map(\.value).sorted { $0.span.start < $1.span.start }
        agents = uses.agents.sorted.map(\.value).sorted { $0.span.start < $1.span.start }
    }
}

/// What the stages use, by name. Of several of a name the first that is met counts, the target's own before others'.
private struct Uses {
    typealias Argument = RecipeOutline.Argument
    typealias Credential = RecipeOutline.Credential

    private(set) var arguments: ExactMap<Argument> = [:]
    private(set) var secrets: ExactMap<Credential> = [:]
    private(set) var agents: ExactMap<Credential> = [:]

    /// Adds what one stage uses.
    mutating func take(_ stage: LintedStage, _ globals: GlobalArguments, _ linted: LintedRecipe) {
        var own: ExactMap<Argument> = [:]
        var used = globals.names(in: stage)
        for read in stage.instructions {
            let values = Dictionary(read.settings.map { ($0.name.span, $0.value) }) { first, _ in first }
            for argument in read.parsed.instruction.arguments {
                let name = argument.name.value
                used.insert(ExactText(name))
                let isGiven = linted.arguments?.given[name] != nil
                if argument.value == nil, !isGiven, linted.arguments?.global[name] != nil { continue }
                own[name] = Argument(
                    name: name, value: values[argument.name.span] ?? nil, description: argument.description,
                    span: argument.name.span)
            }
            for credential in read.credentials {
                switch credential.kind {
                case .secret: Self.add(credential.value, to: &secrets)
                case .agent: Self.add(credential.value, to: &agents)
                }
            }
        }
        for name in globals.closure(of: used) where arguments[name.text] == nil {
            arguments[name.text] = own[name.text] ?? globals.arguments[name.text]
        }
    }

    private static func add(_ credential: Credential, to list: inout ExactMap<Credential>) {
        if list[credential.id] == nil { list[credential.id] = credential }
    }
}

extension Instruction {
    /// The names that it declares, if it is an ARG.
    var arguments: [Argument] {
        if case .arg(let arguments) = self { arguments } else { [] }
    }
}
