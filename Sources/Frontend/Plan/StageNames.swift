import OCI

/// Follows names to what they mean: stages first, then what `--build-context` gave, then images.
struct StageNames: Sendable {
    let stages: [Stage]
    let arguments: BuildArguments
    let platform: Platform
    /// The stages of each name, in order.
    private let stagesByName: ExactMap<[Int]>
    /// Names of contexts as they were given, by the form in which they are looked up.
    private let folders: ExactMap<String>
    private let images: Set<ExactText>
    private let guessing: Guessing

    /// Whether errors say which name was meant. That takes a look at every name there is: who only asks whether a name
    /// means something, of all stages, does without.
    enum Guessing: Hashable, Sendable {
        case guesses
        case none
    }

    init(stages: [Stage], options: PlanOptions, arguments: BuildArguments, _ guessing: Guessing = .guesses) {
        self.guessing = guessing
        self.stages = stages
        self.arguments = arguments
        platform = options.platform
        var stagesByName: ExactMap<[Int]> = [:]
        for stage in stages {
            if let name = stage.name { stagesByName[name, default: []].append(stage.index) }
        }
        self.stagesByName = stagesByName
        // Of several that are looked up alike the first by name holds.
        var folders: ExactMap<String> = [:]
        for name in options.folderContexts.sorted(by: >) { folders[Self.contextKey(name.text)] = name.text }
        self.folders = folders
        images = Set(names: options.imageContexts.map { Self.contextKey($0.text) })
    }

    /// What the stage stands on. A context of the stage's own name takes the place of the whole stage.
    ///
    /// FROM knows stages by their names in lower case only, unlike `--from`: that is how BuildKit looks them up.
    func base(of stage: Stage) throws(Diagnostic) -> StageSource {
        let word = stage.from.image
        let expansion = try word.expansion(in: arguments.global)
        guard !expansion.text.isEmpty else { throw emptyBase(word, expansion) }
        // Also where nothing is asked of it: a stage on another stage has that one's.
        _ = try platform(of: stage)
        if let own = try replacement(of: stage) { return own }
        if let earlier = lastStage(named: expansion.text, before: stage.index) { return try self.stage(earlier) }
        return try external(expansion.text, platform: try platform(of: stage), at: word.span)
    }

    /// Found by halving: any number of stages may have one name.
    private func lastStage(named name: String, before end: Int) -> Int? {
        guard let stages = stagesByName[name] else { return nil }
        var (low, high) = (0, stages.count)
        while low < high {
            let middle = (low + high) / 2
            if stages[middle] < end { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? stages[low - 1] : nil
    }

    /// The platform a stage's base is wanted for.
    func platform(of stage: Stage) throws(Diagnostic) -> Platform {
        guard let word = stage.from.platform else { return platform }
        let text = try word.expanded(in: arguments.global)
        if let platform = Platform(text) { return platform }
        throw Diagnostic(
            .error, "bad-platform", "`\(text)` is not a platform", at: word.span,
            hint: "a platform is `os/architecture[/variant]`, such as `linux/arm64`")
    }

    /// The context that takes the stage's place, if there is one of its name.
    func replacement(of stage: Stage) throws(Diagnostic) -> StageSource? {
        guard let name = stage.name else { return nil }
        return context(name, platform: try platform(of: stage), at: stage.span)
    }

    /// What `COPY --from` names: a stage by name or number, a context, or an image.
    func copySource(_ word: Word) throws(Diagnostic) -> StageSource {
        guard !word.text.utf8.contains(.dollar), try word.expanded(in: Variables()) == word.text else {
            throw Diagnostic(
                .error, "variable-in-from", "`--from` takes no variables", at: word.span,
                hint: "give the image a stage of its own, `FROM \(word.text) AS name`, and copy from that")
        }
        guard let number = Int(word.text) else { return try source(named: word.located) }
        if stages.indices.contains(number) { return try stage(number) }
        throw Diagnostic(
            .error, "unknown-stage", "there is no stage \(number)", at: word.span,
            hint: "stages are counted from 0; the last is \(stages.count - 1)")
    }

    /// What a mount's `from=` names: a stage by name, a context, or an image.
    func source(named name: Located<String>) throws(Diagnostic) -> StageSource {
        if let index = stagesByName[name.value.inLowerCase]?.last { return try stage(index) }
        return try external(name.value, platform: platform, at: name.span)
    }

    private func stage(_ index: Int) throws(Diagnostic) -> StageSource {
        try replacement(of: stages[index]) ?? .stage(index)
    }

    private func external(
        _ name: String, platform: Platform, at span: SourceSpan
    ) throws(Diagnostic) -> StageSource {
        if name == "scratch" { return .scratch }
        if let context = context(name, platform: platform, at: span) { return context }
        if Reference(name) != nil { return .image(BaseRequirement(name: name, platform: platform, span: span)) }
        let guess = guessing == .none ? nil : closest(to: name.inLowerCase, in: stagesByName.names)
        throw Diagnostic(
            .error, "bad-image-name", "`\(name)` is not the name of an image", at: span,
            hint: guess.map { "did you mean the stage `\($0)`?" }
                ?? "names are lower-case letters and digits with `.`, `_`, `-` and `/` between them")
    }

    private func context(_ name: String, platform: Platform, at span: SourceSpan) -> StageSource? {
        guard !folders.isEmpty || !images.isEmpty, !["scratch", "context"].contains(name.inLowerCase) else {
            return nil
        }
        let key = Self.contextKey(name)
        if let folder = folders[key] { return .folder(folder) }
        return images.contains(key) ? .image(BaseRequirement(name: name, platform: platform, span: span)) : nil
    }

    /// A name in the form in which contexts are looked up: `docker.io/library/alpine:latest` is `alpine`.
    private static func contextKey(_ name: String) -> String {
        guard let familiar = Reference(name)?.familiar else { return name }
        return familiar.hasSuffix(":latest") ? String(familiar.dropLast(":latest".count)) : familiar
    }

    private func emptyBase(_ word: Word, _ expansion: Expansion) -> Diagnostic {
        let unset = guessing == .none ? nil : expansion.unset.first
        let guess = unset.flatMap { closest(to: $0.value, in: arguments.global.names) }
        return Diagnostic(
            .error, "empty-base", "`\(word.text)` expands to nothing", at: word.span,
            hint: guess.map { "did you mean `\($0)`?" } ?? "FROM sees only the ARGs that stand before the first FROM")
    }
}
