import Frontend
import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// The middle of RUN: mount a fresh upper folder over the layers, run the command in it, pack what it changed.
struct RunExecutor {
    let frame: StepExecutor
    let step: Step
    let inputs: StepInputs

    func execute(_ run: RunOperation) throws(BuildError) -> MadeLayer? {
        try LayeredRoot.requireRightToMount()
        let base = inputs.result(step.base)
        let lower = try frame.squashedLayers.folders(for: base.layers)
        let tree = try frame.tree(base)
        let mounts = try StepMounts(frame, inputs, step, run, over: tree)
        let snapshot = try fromStore { () throws(StoreError) in try frame.store.snapshots.newSnapshot() }
        let initLayer = try InitLayer(
            InitLayer.usualPlaces + NetworkFiles.initPlaces + mounts.places, over: tree, from: frame.initLayers)
        let kernelFolders = try KernelFolders.add(missingFrom: initLayer, to: snapshot.upper)

        let identity = try UserDatabase(of: tree).identity(of: run.user)
        let root = try LayeredRoot.mount(lower, initLayer, upper: snapshot.upper, work: snapshot.work)
        try LayeredRoot.makeWorkingDirectory(
            run.workingDirectory, in: root, owner: Ownership(user: identity.user, group: identity.group))
        try self.run(run, in: root, as: identity, with: mounts)

        let diff = try fromLayers { () throws(LayerError) in
            try OverlayDiff(
                upper: snapshot.upper, lower: tree, hidden: Set(initLayer.made).subtracting(kernelFolders),
                normaliser: EntryNormaliser(clampTo: frame.settings.layerEpoch), scratch: frame.store.path)
        }
        return try keep(diff, snapshot, over: base)
    }

    /// Makes a layer of what the command changed, and a snapshot of the folder that it left; `nil` if it changed nothing.
    private func keep(
        _ diff: OverlayDiff, _ snapshot: consuming ActiveSnapshot, over base: StepResult
    ) throws(BuildError) -> MadeLayer? {
        let settling = Settling(diff)
        let isRead = frame.readSteps.contains(step.id)
        let filesAhead = frame.settings.filesAhead
        guard let names = isRead ? try name(diff) : try pack(diff, ahead: filesAhead) else { return nil }
        try settling.finish()
        let folder: FilePath
        do {
            let chain = frame.snapshots.chain(of: base.layers)
            folder = try snapshot.commit(names.diffID, over: base.layers, chain: chain)
        } catch {
            throw BuildError(error)
        }
        guard isRead else { return MadeLayer(names: names) }
        return try packedLater(names, diff, from: folder)
    }

    private func pack(_ diff: OverlayDiff, ahead count: Int) throws(BuildError) -> WrittenLayer? {
        try frame.pack(step, over: inputs.result(step.base)) { writer throws(BuildError) in
            try write(diff, &writer, ahead: count)
        }
    }

    /// Names the layer without packing it; `nil` if the command changed nothing.
    private func name(_ diff: OverlayDiff) throws(BuildError) -> WrittenLayer? {
        var namer = try fromLayers { () throws(LayerError) in try LayerWriter() }
        try write(diff, &namer, ahead: frame.settings.filesAhead)
        let names: WrittenLayer
        do { names = try namer.finish() } catch { throw BuildError(error) }
        return names.entryCount > 0 ? names : nil
    }

    /// A layer that steps wait for: they need no more than its names, and packing takes longer.
    ///
    /// The files are read a second time for it, from memory mostly, and from the snapshot: where another build was first
    /// with the same one, our own folder is gone.
    private func packedLater(
        _ names: WrittenLayer, _ diff: OverlayDiff, from folder: FilePath
    ) throws(BuildError) -> MadeLayer {
        let diff = try fromLayers { () throws(LayerError) in try diff.reading(from: folder) }
        return MadeLayer(names: names) { [self] () throws(BuildError) in
            // Nobody waits for this: the next step's command has the other processors.
            let packed = try pack(diff, ahead: 0)
            guard let packed, packed.diffID == names.diffID else {
                let found = packed.map { "\($0.diffID)" } ?? "nothing"
                throw BuildError(
                    LayerError.mismatch(what: "the packed layer", expected: "\(names.diffID)", found: found))
            }
        }
    }

    private func write(_ diff: OverlayDiff, _ writer: inout LayerWriter, ahead count: Int) throws(BuildError) {
        var entries = try OpenedEntries(by: ChangeOpener(diff), ahead: count, for: writer)
        while let entry = try entries.next() {
            // Another step that fails is no reason: what is done is kept.
            guard Interruption.signal == nil else { throw .interrupted }
            try fromLayers { () throws(LayerError) in try writer.write(entry) }
        }
    }

    /// Runs the command to its end. Throws if it does not end well.
    private func run(
        _ run: RunOperation, in root: consuming Linux.Mount, as identity: UserDatabase.Identity,
        with mounts: StepMounts
    ) throws(BuildError) {
        var pump = LogPump(interruption: frame.interruption, timeout: frame.settings.stepTimeout)
        let ending: LogPump.Ending
        let status: ExitStatus
        let files = try frame.networkFiles.files()
        do throws(SyscallError) {
            var output = try Pipe()
            var error = try Pipe()
            let streams = Streams(
                input: try Streams.null(), output: try output.takeWritingEnd(), error: try error.takeWritingEnd())
            let process = try ChildProcess(
                plan(run, identity, mounts), in: root, try isolation(run, identity, mounts, files), streams)
            ending = try pump.run(process, output.reading, error.reading) { piece, stream in
                frame.events(.step(step.id, .output(piece, stream: stream)))
            }
            status = try process.wait()
        } catch {
            throw foreignProgram(error, run) ?? .cannotStart(run.arguments, error, .step)
        }
        switch ending {
        case .interrupted: throw .interrupted
        case .timedOut:
            throw BuildError(
                .step, "timeout", "the step took longer than \(frame.settings.stepTimeout ?? 0) seconds and was ended",
                hint: "give it more time with --timeout", details: pump.tail.lines)
        case .ended:
            guard !status.isSuccess else { return }
            if isDiskFull { throw Self.diskFull(frame.store.path, pump.tail.lines) }
            throw BuildError(.step, "step-failed", Self.sentence(status), details: pump.tail.lines)
        }
    }

    /// True if the command has used up the space for what it writes: then that is why it failed.
    private var isDiskFull: Bool {
        guard let folder = try? Folder(opening: frame.store.path) else { return false }
        return (try? folder.isOnFullFileSystem()) ?? false
    }

    private static func diskFull(_ store: FilePath, _ details: [String]) -> BuildError {
        BuildError(
            .resource, "no-space", "the command failed, and no space is left where the store lies (\(store))",
            hint: "free some space, or use another store with --root", details: details)
    }

    private static func sentence(_ status: ExitStatus) -> String {
        switch status {
        case .exited(let code): "the command ended with exit code \(code)"
        case .signalled(let signal): "the command was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }

    /// Says so if the program is another machine's; `nil` for every other reason why it cannot be started.
    private func foreignProgram(_ error: SyscallError, _ run: RunOperation) -> BuildError? {
        guard let tree = try? frame.tree(inputs.result(step.base)) else { return nil }
        return ForeignProgram(run.arguments.first ?? "", in: tree, error)?.problem(
            Emulator.registered,
            alternative: ", or compile in a stage that is `FROM --platform=$BUILDPLATFORM`")
    }

    private func plan(
        _ run: RunOperation, _ identity: UserDatabase.Identity, _ mounts: StepMounts
    ) -> SpawnPlan {
        var environment = Self.replacing(run.environment, run.proxies)
        environment = Self.replacing(environment, mounts.environment)
        if !environment.contains(where: { Self.name(of: $0) == "HOME" }) { environment.append("HOME=\(identity.home)") }
        return SpawnPlan(
            arguments: run.arguments, environment: environment, directory: FilePath(run.workingDirectory),
            limits: frame.settings.sandbox.limits)
    }

    /// `variables` with `others` behind them, which stand for those of the same names.
    private static func replacing(_ variables: [String], _ others: [String]) -> [String] {
        let names = Set(others.map(name(of:)))
        return variables.filter { !names.contains(name(of: $0)) } + others
    }

    private static func name(of variable: String) -> ExactText { ExactText(variable.cut(at: "=").before) }

    private func isolation(
        _ run: RunOperation, _ identity: UserDatabase.Identity, _ mounts: StepMounts, _ files: NetworkFiles
    ) throws(SyscallError) -> Isolation {
        var isolation = Isolation()
        isolation.user = identity.user
        isolation.group = identity.group
        isolation.supplementaryGroups = identity.supplementary
        isolation.hostName = run.hostName ?? NetworkFiles.hostname
        isolation.network = run.network == .none ? .loopback : .host
        isolation.sharedMemory = frame.settings.sandbox.sharedMemory
        switch run.security {
        case .sandbox:
            isolation.capabilities = frame.settings.sandbox.capabilities
            isolation.filter = .container(with: isolation.capabilities)
        case .insecure: isolation.giveEverything()
        }
        isolation.attachments = try files.attachments() + mounts.attachments
        return isolation
    }
}

extension Isolation {
    /// What `--security=insecure` means: every power that this process has over the machine.
    fileprivate mutating func giveEverything() {
        capabilities = .all
        filter = nil
        maskedPaths = []
        readOnlyPaths = []
        exposure = .machine
    }
}
