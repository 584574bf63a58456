import OCI

extension StagePlanner {
    mutating func takeRun(_ run: Run, _ parsed: ParsedInstruction) throws(Diagnostic) {
        try reject(run.devices)
        var mounts: [RunMount] = []
        var agents = 0
        var variables = state.fold.variables
        for flag in run.mounts {
            let mount = try flag.mount(in: state.fold.variables)
            mounts.append(try planned(mount, flag, agents: agents))
            if mount.kind == .ssh { agents += 1 }
            if let name = mount.variable { variables[name] = "****" }
        }
        var summary = ""
        if case .document(let heredoc) = run.body { summary = " (\(Self.summary(of: heredoc.body)))" }
        let shown = shownRunText(parsed, variables) + summary

        let (arguments, scripts) = arguments(of: run)
        let operation = RunOperation(
            arguments: arguments, environment: state.fold.variables.list, proxies: names.arguments.proxies,
            hostName: options.hostName, user: state.fold.user, workingDirectory: state.fold.workingDirectory,
            network: network(of: run), security: run.security?.value ?? .sandbox,
            mounts: mounts, scripts: scripts)
        let line = (state.fold.argumentPrefix + arguments).joined(separator: " ")
        record("RUN \(line) # buildkit", step: addStep(.run(operation), shown, at: parsed.span))
    }

    /// What is started. A heredoc that names its interpreter becomes a file; any other is text for the shell.
    private func arguments(of run: Run) -> ([String], [RunOperation.Script]) {
        switch run.body {
        case .exec(let words): return (words, [])
        case .shell(let line): return (state.fold.inShell(line), [])
        case .document(let heredoc):
            let content = heredoc.content
            guard content.utf8.starts(with: "#!".utf8) else { return (state.fold.inShell(content), []) }
            let path = RecipePath.absolute(heredoc.name, in: "/dev/pipes")
            let script = RunOperation.Script(path: path, contents: heredoc.contents)
            return (state.fold.inShell(path), [script])
        }
    }

    /// `--network=none` of the command line is a bound that no recipe lifts.
    private func network(of run: Run) -> RunOperation.Network {
        options.network == .none ? .none : run.network?.value ?? options.network
    }

    private func reject(_ devices: [DeviceFlag]) throws(Diagnostic) {
        guard let device = devices.first(where: \.isRequired) else { return }
        throw Diagnostic(
            .error, "no-devices", "no device `\(device.name)` can be given to a step", at: device.span,
            hint: "leave `required` out to go on without it")
    }

    /// The first line that holds anything, with dots if more follow.
    private static func summary(of document: String) -> String {
        let bytes = Array(document.utf8)
        let text = bytes.trimmed(0..<bytes.count)
        let lines = bytes[text].split(separator: .newline, maxSplits: 1)
        let first = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return lines.count > 1 ? first + "..." : first
    }
}

// MARK: - Mounts

extension StagePlanner {
    /// `agents`: how many mounts of agents stand before it.
    private func planned(_ mount: Mount, _ flag: MountFlag, agents: Int) throws(Diagnostic) -> RunMount {
        let origin: FileOrigin? = try flag.from.map { name throws(Diagnostic) in
            self.origin(of: try names.source(named: name))
        }
        let source = RecipePath.absolute(mount.source ?? "", in: "/")
        switch mount.kind {
        case .bind:
            let kind = RunMount.Kind.bind(
                from: origin ?? .context(nil), source: source, writable: !mount.isReadOnly)
            return RunMount(target: try target(of: mount, flag), kind: kind, span: place(flag.span))
        case .cache:
            let id = mount.id ?? RecipePath.cleaned(mount.target ?? "")
            let namespace = names.arguments.given["BUILDKIT_CACHE_MOUNT_NS"].map { "\($0)/" } ?? ""
            let cache = RunMount.Cache(
                sharing: mount.sharing ?? .shared,
                isDescribed: source == "/" && (mount.mode ?? mount.owner ?? mount.group) != nil,
                readOnly: mount.isReadOnly, mode: try mode(mount.mode, flag) ?? 0o755, owner: mount.owner ?? 0,
                group: mount.group ?? 0)
            let kind = RunMount.Kind.cache(id: namespace + id, cache, from: origin, source: source)
            return RunMount(target: try target(of: mount, flag), kind: kind, span: place(flag.span))
        case .tmpfs:
            let size = mount.size == 0 ? nil : mount.size
            return RunMount(target: try target(of: mount, flag), kind: .tmpfs(size: size), span: place(flag.span))
        case .secret: return try secret(mount, flag)
        case .ssh: return try agent(mount, flag, number: agents)
        }
    }

    private func secret(_ mount: Mount, _ flag: MountFlag) throws(Diagnostic) -> RunMount {
        let id = mount.source ?? mount.id ?? RecipePath.name(of: mount.target ?? "")
        let asFile = mount.variable == nil || mount.target != nil
        let target = mount.target ?? "/run/secrets/\(RecipePath.name(of: id))"
        let kind = RunMount.Kind.secret(
            id: id, try credential(mount, flag, mode: 0o400), environment: mount.variable, asFile: asFile)
        return RunMount(
            target: asFile ? RecipePath.absolute(target, in: state.fold.workingDirectory) : "", kind: kind,
            span: place(flag.span))
    }

    private func agent(_ mount: Mount, _ flag: MountFlag, number: Int) throws(Diagnostic) -> RunMount {
        guard mount.source == nil else {
            throw Diagnostic(.error, "mount-conflict", "an ssh mount has no `source`", at: flag.span)
        }
        let target = mount.target ?? "/run/buildkit/ssh_agent.\(number)"
        return RunMount(
            target: RecipePath.absolute(target, in: state.fold.workingDirectory),
            kind: .ssh(id: mount.id ?? "default", try credential(mount, flag, mode: 0o600)), span: place(flag.span))
    }

    private func credential(_ mount: Mount, _ flag: MountFlag, mode: UInt16) throws(Diagnostic) -> RunMount.Credential {
        RunMount.Credential(
            required: mount.isRequired, mode: try self.mode(mount.mode, flag) ?? mode, owner: mount.owner ?? 0,
            group: mount.group ?? 0)
    }

    private func mode(_ mode: UInt32?, _ flag: MountFlag) throws(Diagnostic) -> UInt16? {
        guard let mode else { return nil }
        if mode <= 0o7777 { return UInt16(mode) }
        throw Diagnostic(
            .error, "bad-option-value", "`mode` cannot be `\(String(mode, radix: 8))`", at: flag.span,
            hint: "write an octal number up to 7777")
    }

    private func target(of mount: Mount, _ flag: MountFlag) throws(Diagnostic) -> String {
        let target = RecipePath.absolute(mount.target ?? "", in: state.fold.workingDirectory)
        if target != "/" { return target }
        throw Diagnostic(
            .error, "bad-mount-target", "a mount cannot cover the root", at: flag.span,
            hint: "write `target=` and a folder")
    }
}
