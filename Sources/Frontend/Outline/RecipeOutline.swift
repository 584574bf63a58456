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
        var (open, seen): ([Int], Set<Int>) = ([target], [target])
        while let index = open.popLast() {
            let stage = linted.stages[index]
            take(stage, globals, linted)
            for other in stage.usedStages where other < index && seen.insert(other).inserted { open.append(other) }
        }
        arguments.sort { $0.span.start < $1.span.start }
        secrets.sort { $0.span.start < $1.span.start }
        agents.sort { $0.span.start < $1.span.start }
    }

    /// What one stage uses. Of several of a name the first that is met counts, the target's own before others'.
    private mutating func take(_ stage: LintedStage, _ globals: GlobalArguments, _ linted: LintedRecipe) {
        var own: [String: Argument] = [:]
        var used = globals.names(in: stage)
        for read in stage.instructions {
            for argument in read.parsed.instruction.arguments {
                let name = argument.name.value
                used.insert(name)
                let isGiven = linted.arguments?.given[name] != nil
                if argument.value == nil, !isGiven, linted.arguments?.global[name] != nil { continue }
                own[name] = Argument(
                    name: name, value: read.settings.first { $0.name == argument.name }?.value,
                    description: argument.description, span: argument.name.span)
            }
            for credential in read.credentials {
                switch credential.kind {
                case .secret: Self.add(credential.value, to: &secrets)
                case .agent: Self.add(credential.value, to: &agents)
                }
            }
        }
        for name in globals.closure(of: used) {
            guard let argument = own[name] ?? globals.arguments[name] else { continue }
            if !arguments.contains(where: { $0.name == name }) { arguments.append(argument) }
        }
    }

    private static func add(_ credential: Credential, to list: inout [Credential]) {
        if !list.contains(where: { $0.id == credential.id }) { list.append(credential) }
    }
}

extension Instruction {
    /// The names that it declares, if it is an ARG.
    var arguments: [Argument] {
        if case .arg(let arguments) = self { arguments } else { [] }
    }
}
