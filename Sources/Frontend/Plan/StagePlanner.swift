import OCI

/// Takes one stage's instructions in turn: what only configures goes into the fold, what touches files becomes a step.
struct StagePlanner {
    let selected: SelectedStage
    let names: StageNames
    let options: PlanOptions
    let bases: [BaseRequirement: PlannedBase]
    /// The stages before this one that the target needs.
    let earlier: [Int: PlannedStage]
    /// What the recipe's escape character is, for texts that are shown.
    let escape: EscapeCharacter

    var state: PlannedStage
    /// The steps of the whole graph so far.
    var steps: [Step]
    /// Set while a trigger of the base runs.
    private(set) var isInTrigger = false
    private var number = 0
    private let count: Int

    /// Stands on the stage's base; `steps` are those of the stages before.
    init(
        _ selected: SelectedStage, names: StageNames, options: PlanOptions, bases: [BaseRequirement: PlannedBase],
        earlier: [Int: PlannedStage], escape: EscapeCharacter, steps: [Step]
    ) {
        self.selected = selected
        self.names = names
        self.options = options
        self.bases = bases
        self.earlier = earlier
        self.escape = escape
        self.steps = steps
        let touching = selected.instructions.count { $0.instruction.touchesFiles }
        var count = selected.triggers.count + touching
        state = PlannedStage(fileSystem: .scratch, fold: ConfigFold(scratchFor: options.platform))
        switch selected.base {
        case .scratch: break
        case .folder: count += 1
        case .stage(let index):
            guard let base = earlier[index] else { break }
            state = PlannedStage(
                fileSystem: base.fileSystem, fold: ConfigFold(inheriting: base.fold), base: base.base, parent: index)
        case .image(let requirement):
            count += 1
            number = 1
            guard let base = bases[requirement] else { break }
            state.fileSystem = .base(base.id)
            state.base = base.id
            state.fold = ConfigFold(base.config)
            for name in options.removedLabels { state.fold.config.container.labels[name.text] = nil }
        }
        self.count = count
    }

    /// - Throws: what is wrong with an instruction; with a trigger, at the stage's FROM.
    mutating func run() throws(Diagnostic) {
        if case .folder(let name) = selected.base { takeFolder(name) }
        isInTrigger = true
        for trigger in selected.triggers {
            do { try take(trigger) } catch { throw .inTrigger(trigger.text, error, of: selected.stage) }
        }
        isInTrigger = false
        for instruction in selected.instructions { try take(instruction) }
    }

    private mutating func take(_ parsed: ParsedInstruction) throws(Diagnostic) {
        switch parsed.instruction {
        case .from: break
        case .add(let add): try takeAdd(add, parsed)
        case .copy(let copy): try takeCopy(copy, parsed)
        case .run(let run): try takeRun(run, parsed)
        case .workdir(let word): try takeWorkdir(word, parsed)
        case .arg(let arguments): record(try state.fold.arg(arguments, names.arguments))
        case .cmd(let command): record(state.fold.cmd(command))
        case .entrypoint(let command): record(state.fold.entrypoint(command))
        case .env(let bindings): record(try state.fold.env(bindings))
        case .expose(let words): record(try state.fold.expose(words))
        case .healthcheck(let instruction): record(state.fold.healthcheck(instruction))
        case .label(let bindings): record(try state.fold.label(bindings))
        case .maintainer(let name): record(state.fold.maintainer(name.value))
        case .onbuild(let trigger): state.fold.onbuild(trigger)
        case .shell(let words): record(state.fold.shell(words.map(\.value)))
        case .stopsignal(let word): record(try state.fold.stopsignal(word))
        case .user(let word): record(try state.fold.user(word))
        case .volume(let words): record(try state.fold.volume(words))
        }
    }

    /// A folder instead of an image: its files are copied onto nothing.
    private mutating func takeFolder(_ name: String) {
        let copy = CopyOperation(
            sources: [.path("/", from: .context(name), span: selected.stage.span)], destination: "/")
        let step = addStep(.copy(copy), "FROM \(name)", at: selected.stage.span)
        record("FROM \(name)", step: step)
    }

    /// Creates the folder unless it is the root, and makes it the working directory.
    private mutating func takeWorkdir(_ word: Word, _ parsed: ParsedInstruction) throws(Diagnostic) {
        let shown = shownText(parsed)
        let path = try state.fold.workdir(word)
        guard path != "/" else {
            record("WORKDIR /")
            return
        }
        let directory = DirectoryOperation(path: RecipePath.cleaned(path), owner: state.fold.user)
        record("WORKDIR \(path)", step: addStep(.makeDirectory(directory), shown, at: parsed.span))
    }

    mutating func record(_ line: String, step: StepID? = nil) {
        state.history.append(PlannedHistory(createdBy: line, comment: PlannedStage.historyComment, step: step))
    }

    mutating func addStep(_ operation: Operation, _ text: String, at span: SourceSpan) -> StepID {
        number += 1
        let id = StepID(index: steps.count)
        steps.append(
            Step(
                id: id, base: state.fileSystem, operation: operation,
                place: Step.Place(stage: selected.stage.label, number: number, count: count),
                text: isInTrigger ? "ONBUILD \(text)" : text, origin: isInTrigger ? nil : span))
        state.fileSystem = .step(id)
        return id
    }

    /// The place of something within an instruction; a trigger's is that of the FROM that brought it.
    func place(_ span: SourceSpan) -> SourceSpan { isInTrigger ? selected.stage.span : span }

    /// Where the files of another stage, context or image are.
    func origin(of source: StageSource) -> FileOrigin {
        switch source {
        case .scratch: .fileSystem(.scratch)
        case .folder(let name): .context(name)
        case .stage(let index): .fileSystem(earlier[index]?.fileSystem ?? .scratch)
        case .image(let requirement): .fileSystem(bases[requirement].map { .base($0.id) } ?? .scratch)
        }
    }
}

extension Instruction {
    /// True of what becomes a step, and is counted as one.
    fileprivate var touchesFiles: Bool {
        switch self {
        case .add, .copy, .run, .workdir: true
        case .from, .arg, .cmd, .entrypoint, .env, .expose, .healthcheck, .label, .maintainer, .onbuild, .shell,
            .stopsignal, .user, .volume:
            false
        }
    }
}
