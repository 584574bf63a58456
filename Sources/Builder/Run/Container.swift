import Glibc
import Layers
package import Linux
import OCI
package import Store
import SystemPackage

/// A command in an image: nothing is copied, the image's layers get a new empty one on top.
///
///     upper   what the command changes, gone with it or kept under a name
///     init    places for hostname, hosts, resolv.conf and volumes that the image lacks
///     layers  the image, shared by all containers and builds
package struct Container: Sendable {
    let request: ContainerRequest
    let image: BaseImage
    let store: Store
    private let snapshots: SnapshotProvider

    package init(_ request: ContainerRequest, of image: BaseImage, in store: Store, threads: Int) {
        self.request = request
        self.image = image
        self.store = store
        snapshots = SnapshotProvider(store: store, threads: threads, demand: .once)
    }

    /// Runs the command to its end, and forgets what it changed.
    ///
    /// Blocks the calling thread, which must outlive the command. Signals are passed on to it.
    package func run(_ signals: borrowing SignalStream) throws(BuildError) -> ExitStatus {
        let snapshot = try fromStore { () throws(StoreError) in try store.snapshots.newSnapshot() }
        return try run(upper: snapshot.upper, work: snapshot.work, signals)
    }

    /// The same, where the changes of the command are kept in `upper`; `work` is an empty folder beside it.
    func run(
        upper: FilePath, work: FilePath, _ signals: borrowing SignalStream
    ) throws(BuildError) -> ExitStatus {
        try LayeredRoot.requireRightToMount()
        let command = try ContainerCommand(request, over: image.config.container)
        let lower = try folders()
        let tree = try fromLayers { () throws(LayerError) in try MergedTree(layers: lower) }
        let identity = try UserDatabase(of: tree).identity(of: command.user)
        let files = try networkFiles()
        let scratch = try fromStore { () throws(StoreError) in try store.scratchPath() }
        let initLayer = try InitLayer(try places(command), over: tree, at: scratch)
        let root = try root(lower, initLayer, upper, work)
        var isolation = try isolation(identity, files)
        let plan = SpawnPlan(
            arguments: command.arguments, environment: Self.environment(command, identity),
            directory: FilePath(command.directory), session: request.output == .terminal ? .ownTerminal : .own)
        do throws(SyscallError) {
            switch request.output {
            case .passed: return try run(plan, in: root, isolation, signals)
            case .terminal: return try runInTerminal(plan, in: root, &isolation, signals)
            }
        } catch {
            let foreign = ForeignProgram(command.arguments.first ?? "", in: tree, error)
            let failure = BuildError.cannotStart(
                command.arguments, error, .command(code: Self.shellCode(of: error)))
            throw foreign?.problem(Emulator.registered) ?? failure
        }
    }

    /// 127 if there is no such program, 126 if there is one that does not start (POSIX, Shell, "Exit Status").
    private static func shellCode(of error: SyscallError) -> Int32 {
        [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) ? 127 : 126
    }

    // MARK: - The root

    /// The layers' folders, the lowest first.
    func folders() throws(BuildError) -> [FilePath] {
        do { return try snapshots.folders(for: image.layers.map(\.diffID)) } catch { throw BuildError(error) }
    }

    private func root(
        _ lower: [FilePath], _ initLayer: InitLayer, _ upper: FilePath, _ work: FilePath
    ) throws(BuildError) -> Linux.Mount {
        let root = try LayeredRoot.mount(lower, initLayer, upper: upper, work: work)
        guard request.root == .readOnly else { return root }
        do { try root.restrict([.readOnly]) } catch { throw BuildError(error, doing: "making the root read-only") }
        return root
    }

    /// Everything that must exist in the root to be mounted on, or to start in.
    func places(_ command: ContainerCommand) throws(BuildError) -> [InitLayer.Place] {
        var places = InitLayer.usualPlaces + NetworkFiles.initPlaces
        for volume in request.sortedVolumes {
            places.append(InitLayer.Place(target: volume.target, isFolder: try volume.isFolder()))
        }
        return places + [InitLayer.Place(target: command.directory, isFolder: true)]
    }

    private func networkFiles() throws(BuildError) -> NetworkFiles {
        let folder = try store.newScratchFolder()
        do throws(SyscallError) {
            return try NetworkFiles(in: folder, extraHosts: [], hostname: request.hostName)
        } catch {
            throw BuildError(error, doing: "writing the container's hosts and resolv.conf")
        }
    }

    // MARK: - The command

    private static func environment(_ command: ContainerCommand, _ identity: UserDatabase.Identity) -> [String] {
        let isGiven = command.environment.contains { $0.utf8.starts(with: "HOME=".utf8) }
        return command.environment + (isGiven ? [] : ["HOME=\(identity.home)"])
    }

    private func isolation(
        _ identity: UserDatabase.Identity, _ files: NetworkFiles
    ) throws(BuildError) -> Isolation {
        var isolation = Isolation()
        isolation.user = identity.user
        isolation.group = identity.group
        isolation.supplementaryGroups = identity.supplementary
        isolation.hostName = request.hostName
        isolation.network = request.network
        do throws(SyscallError) {
            isolation.attachments = try files.attachments()
            for volume in request.sortedVolumes { isolation.attachments.append(try volume.attachment()) }
        } catch {
            throw BuildError(error, doing: "mounting the container's volumes", kind: .input)
        }
        return isolation
    }

    /// The command has this process's own streams: nothing stands between it and whoever reads.
    private func run(
        _ plan: SpawnPlan, in root: consuming Linux.Mount, _ isolation: Isolation, _ signals: borrowing SignalStream
    ) throws(SyscallError) -> ExitStatus {
        let input = request.input == .passed ? try OwnedDescriptor.standard(STDIN_FILENO) : try Streams.null()
        let streams = Streams(
            input: input, output: try OwnedDescriptor.standard(STDOUT_FILENO),
            error: try OwnedDescriptor.standard(STDERR_FILENO))
        let process = try ChildProcess(plan, in: root, isolation, streams)
        var polled = [process.descriptor, signals.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while polled[0].revents == 0 {
            if poll(&polled, nfds_t(polled.count), -1) < 0, errno != EINTR {
                throw SyscallError("poll", "", Errno(rawValue: errno))
            }
            while let signal = signals.next() {
                if try process.forward(signal) { return .signalled(signal) }
            }
        }
        return try process.wait()
    }

    private func runInTerminal(
        _ plan: SpawnPlan, in root: consuming Linux.Mount, _ isolation: inout Isolation,
        _ signals: borrowing SignalStream
    ) throws(SyscallError) -> ExitStatus {
        let terminal = try PseudoTerminal()
        // Where programs look for the terminal that they were started on.
        isolation.attachments.append(
            Isolation.Attachment(
                try Linux.Mount.bind(terminal.path, [.noPrograms, .noPrivileges]), at: "/dev/console", missing: .file))
        let streams = Streams(
            input: try terminal.openTerminal(), output: try terminal.openTerminal(), error: try terminal.openTerminal())
        var relay = TerminalRelay(terminal, request.input)
        try relay.fit()
        let keyboard = request.input == .passed ? Terminal(STDIN_FILENO) : nil
        let raw: Terminal.RawMode? = if let keyboard { try Terminal.RawMode(keyboard) } else { nil }
        let process = try ChildProcess(plan, in: root, isolation, streams)
        let ended = try relay.run(process, signals)
        _ = consume raw
        return if let ended { .signalled(ended) } else { try process.wait() }
    }
}

extension ContainerRequest {
    /// Those that lie within another come after it.
    var sortedVolumes: [Volume] {
        volumes.sorted { TreePath(normalising: $0.target) < TreePath(normalising: $1.target) }
    }
}

extension ContainerRequest.Volume {
    func isFolder() throws(BuildError) -> Bool {
        var status = stat()
        guard source.withPlatformString({ stat($0, &status) }) == 0 else {
            throw BuildError(.input, "no-source", "there is no `\(source)` for the volume `\(target)`")
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    func attachment() throws(SyscallError) -> Isolation.Attachment {
        var status = stat()
        let isFolder = source.withPlatformString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
        let mount = try Linux.Mount.bind(source, isReadOnly ? [.noDevices, .readOnly] : [.noDevices])
        return Isolation.Attachment(mount, at: FilePath(target), missing: isFolder ? .folder : .file)
    }
}
