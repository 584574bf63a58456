import OCI

/// Reads the instructions of a stage one after the other and keeps what is in force between them.
struct StageReader: Sendable {
    /// More names than these are not searched for the one that was meant.
    private static let maximumNames = 1000
    /// Nor is it searched for more often than this in a recipe: whoever has made so many mistakes made one.
    static let maximumGuesses = 100

    private var fold: ConfigFold
    /// False while the variables of a base are not known.
    private var knowsEnvironment: Bool
    private var hasWorkdir = false
    private var arguments: BuildArguments
    /// How many are left.
    private(set) var guesses: Int

    /// Stands on `base`, its triggers run; `earlier` are the stages before.
    init(
        on base: StageSource?, _ names: StageNames, _ earlier: [StageReader], _ bases: [BaseRequirement: PlannedBase],
        guesses: Int
    ) {
        self.guesses = guesses
        arguments = names.arguments
        fold = ConfigFold(scratchFor: names.platform)
        var triggers: [String] = []
        switch base {
        case .scratch, .folder: knowsEnvironment = true
        case .stage(let index):
            guard index < earlier.count else {
                knowsEnvironment = false
                break
            }
            self = earlier[index]
            self.guesses = guesses
            fold = ConfigFold(inheriting: fold)
            triggers = names.stages[index].triggers.map(\.text)
        case .image(let requirement):
            knowsEnvironment = bases[requirement] != nil
            if let config = bases[requirement]?.config {
                fold = ConfigFold(config)
                triggers = config.container.onBuild
            }
        case nil: knowsEnvironment = false
        }
        for text in triggers {
            // A trigger that cannot be read is an error, which planning tells at the FROM that brings it.
            guard let trigger = try? InstructionParser.parseTrigger(RecipeSource(name: "ONBUILD", text: text)) else {
                continue
            }
            _ = read(trigger)
        }
    }

    /// True of what is no address, not even one that is written wrongly.
    private static func isLocal(_ path: String) -> Bool {
        do { return try RemoteAddress.parse(path) == nil } catch { return false }
    }

    /// What the instruction's words become; what it sets holds for those that follow.
    mutating func read(_ parsed: ParsedInstruction) -> LintedInstruction {
        var read = LintedInstruction(parsed)
        read.hasShell = !(fold.config.container.shell ?? []).isEmpty
        var noted: Set<ExactText> = []
        for word in parsed.instruction.expandedWords { note(word, &noted, in: &read) }
        switch parsed.instruction {
        case .add(let add): read.contextSources = paths(add.sources).filter { Self.isLocal($0.value) }
        case .copy(let copy): if copy.from == nil { read.contextSources = paths(copy.sources) }
        case .arg(let arguments): takeArguments(arguments, in: &read)
        case .env(let bindings): takeVariables(bindings, in: &read)
        case .workdir(let word): takeWorkdir(word, in: &read)
        case .expose(let words):
            read.ports = words.flatMap { word in
                ((try? word.split(in: fold.variables)) ?? []).map { Located($0, at: word.span) }
            }
        case .shell(let words): _ = fold.shell(words.map(\.value))
        case .run(let run): read.credentials = run.mounts.compactMap(credential)
        case .from, .cmd, .entrypoint, .healthcheck, .label, .maintainer, .onbuild, .stopsignal, .user, .volume: break
        }
        return read
    }

    /// Looks which variables of the word are defined; those of `noted` were looked at.
    private mutating func note(_ word: Word, _ noted: inout Set<ExactText>, in read: inout LintedInstruction) {
        guard let expansion = try? word.expansion(in: fold.variables) else { return }
        for name in expansion.unset where fold.declared[name.value] == nil && !Self.isBuildKits(name.value) {
            guard knowsEnvironment else {
                read.isUndecided = true
                continue
            }
            guard noted.insert(ExactText(name.value)).inserted else { continue }
            read.undefined.append(LintedInstruction.Undefined(name: name, guess: guess(name.value)))
        }
    }

    private mutating func guess(_ name: String) -> String? {
        guard guesses > 0, fold.variables.names.count <= Self.maximumNames else { return nil }
        guesses -= 1
        return closest(to: name, in: fold.variables.names)
    }

    private static func isBuildKits(_ name: String) -> Bool {
        ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"].contains(name)
    }

    private func paths(_ sources: [CopySource]) -> [Located<String>] {
        sources.compactMap { source in
            guard case .path(let word) = source, let path = try? fold.expand(word) else { return nil }
            return Located(path, at: word.span)
        }
    }

    private func credential(_ flag: MountFlag) -> LintedInstruction.Credential? {
        guard let mount = try? flag.mount(in: fold.variables) else { return nil }
        let kind: LintedInstruction.Credential.Kind
        let id: String
        switch mount.kind {
        case .secret: (kind, id) = (.secret, mount.source ?? mount.id ?? RecipePath.name(of: mount.target ?? ""))
        case .ssh: (kind, id) = (.agent, mount.id ?? "default")
        case .bind, .cache, .tmpfs: return nil
        }
        return LintedInstruction.Credential(
            kind: kind, value: RecipeOutline.Credential(id: id, isRequired: mount.isRequired, span: flag.span))
    }

    private mutating func takeArguments(_ arguments: [Argument], in read: inout LintedInstruction) {
        var noted: Set<ExactText> = []
        for argument in arguments {
            let name = argument.name.value
            if self.arguments.given[name] == nil, let word = argument.value { note(word, &noted, in: &read) }
            // A value that cannot be expanded stays unset.
            if (try? fold.arg([argument], self.arguments)) == nil { continue }
            let isOwn = argument.value != nil || self.arguments.given[name] != nil
            read.settings.append(
                LintedInstruction.Setting(name: argument.name, value: isOwn ? fold.variables[name] : nil))
        }
    }

    private mutating func takeVariables(_ bindings: [Binding], in read: inout LintedInstruction) {
        for binding in bindings {
            guard let name = try? fold.expand(binding.name), let value = try? fold.expand(binding.value) else {
                continue
            }
            read.settings.append(LintedInstruction.Setting(name: Located(name, at: binding.name.span), value: value))
        }
        _ = try? fold.env(bindings)
    }

    private mutating func takeWorkdir(_ word: Word, in read: inout LintedInstruction) {
        guard let path = try? fold.expand(word) else { return }
        if !hasWorkdir, !read.isUndecided, !RecipePath.isAbsolute(path) {
            read.relativeWorkdir = Located(path, at: word.span)
        }
        hasWorkdir = true
    }
}

extension Instruction {
    /// The words in which BuildKit looks for variables that nothing defines. Those of ARG depend on each other and those
    /// of EXPOSE may be empty.
    fileprivate var expandedWords: [Word] {
        switch self {
        case .add(let add):
            add.sources.flatMap(\.words) + [add.destination] + [add.owner, add.mode, add.checksum].compactMap(\.self)
        case .copy(let copy):
            copy.sources.flatMap(\.words) + [copy.destination] + [copy.owner, copy.mode].compactMap(\.self)
        case .env(let bindings), .label(let bindings): bindings.flatMap { [$0.name, $0.value] }
        case .run(let run): run.mounts.flatMap(\.expandedWords)
        case .workdir(let word), .user(let word), .stopsignal(let word): [word]
        case .volume(let words): words
        case .from, .arg, .cmd, .entrypoint, .expose, .healthcheck, .maintainer, .onbuild, .shell: []
        }
    }
}

extension CopySource {
    fileprivate var words: [Word] {
        switch self {
        case .path(let word): [word]
        case .document(let heredoc): heredoc.expands ? [heredoc.word] : []
        }
    }
}

extension MountFlag {
    /// The values of its options but for `from`, which holds no variables.
    fileprivate var expandedWords: [Word] {
        options.compactMap { option in
            let (key, value) = option.option
            return key.lowercased() == "from" ? nil : value
        }
    }
}
