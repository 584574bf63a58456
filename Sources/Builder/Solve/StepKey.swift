import Frontend
import Linux
import OCI
import Store
import SystemPackage

/// Makes the cache key of a step: everything that can show in its layer, under a name, and nothing else.
///
/// Never in it: the values of proxies and secrets, what cache mounts hold, names of hosts, limits, the number of
/// threads, the compression. The kind carries a version: a change of what a step means is a new kind.
struct StepKey {
    /// The file systems that the step needs.
    let inputs: StepInputs
    let contexts: BuildContexts
    let remotes: RemoteSources
    let threads: Int
    /// Times within layers are clamped to it, so it shows in them.
    let epoch: Int64?
    let sandbox: SandboxRequest
    /// Where a long key may be kept; `nil` keeps it in memory.
    var recording: FilePath?

    func key(of step: Step) throws(BuildError) -> CacheKey {
        let files = ContextIngredients(contexts: contexts, threads: threads)
        let others = try RemoteIngredients(remotes: remotes).ingredients(of: step.operation)
        return try CacheKey(kind: Self.kind(step.operation), keepingIn: recording) { list throws(BuildError) in
            add(step, to: &list)
            try files.add(filesOf: step.operation, to: &list)
            for other in others { list.add(other.name, other.value) }
        }
    }

    /// All of a COPY's key but the files of the context, and what comes from elsewhere: where no record has the same shape, none has the same key,
    /// and nothing has to be read to know that. `nil` for steps that take no files from a context.
    func shape(of step: Step) -> CacheKey? {
        guard case .copy(let copy) = step.operation, copy.sources.contains(where: { $0.origin?.isContext ?? false })
        else { return nil }
        return CacheKey(kind: "shape of \(Self.kind(step.operation))") { list in add(step, to: &list) }
    }

    private func add(_ step: Step, to list: inout IngredientList) {
        let stands = if case .copy(let copy) = step.operation { !copy.link } else { true }
        list.add("base", tree(stands ? step.base : .scratch))
        if let epoch { list.add("SOURCE_DATE_EPOCH", String(epoch)) }
        switch step.operation {
        case .run(let run): add(run, to: &list)
        case .copy(let copy): add(copy, to: &list)
        case .makeDirectory(let directory):
            list.add("path", directory.path)
            list.add("owner", directory.owner)
        }
    }

    private static func kind(_ operation: Operation) -> String {
        switch operation {
        case .run: "run/2"
        case .copy: "copy/1"
        case .makeDirectory: "directory/2"
        }
    }

    private func tree(_ fileSystem: FileSystem) -> Digest { inputs.result(fileSystem).tree }

    private func add(_ run: RunOperation, to list: inout IngredientList) {
        for (index, argument) in run.arguments.enumerated() { list.add("argument \(index)", argument) }
        for variable in run.environment {
            let (name, value) = variable.cut(at: "=")
            list.add("variable \(name)", value ?? "")
        }
        if let hostName = run.hostName { list.add("host name", hostName) }
        list.add("user", run.user)
        list.add("working directory", run.workingDirectory)
        list.add("network", run.network.rawValue)
        list.add("security", run.security.rawValue)
        addSandbox(to: &list)
        for script in run.scripts {
            list.add("script \(script.path)", Digest.of(script.contents))
        }
        for mount in run.mounts { add(mount, to: &list) }
    }

    /// What a step may do and what it sees of the machine, where that is not the usual. Without such flags a key is the
    /// same as ever.
    private func addSandbox(to list: inout IngredientList) {
        if sandbox.capabilities != .container {
            list.add("capabilities", sandbox.capabilities.names.joined(separator: " "))
        }
        for volume in sandbox.volumes {
            list.add("volume \(volume.target)", "\(volume.source) \(volume.access.rawValue)")
        }
    }

    private func add(_ mount: RunMount, to list: inout IngredientList) {
        let name = "mount \(mount.target)"
        switch mount.kind {
        case .bind(.fileSystem(let system), let source, let writable):
            list.add(name, "bind \(tree(system)) \(source) \(writable)")
        case .bind(.context(let context), let source, let writable):
            list.add(name, "bind context \(context ?? "") \(source) \(writable)")
        case .cache(_, let cache, _, _): list.add(name, "cache \(cache.readOnly)")
        case .tmpfs(let size): list.add(name, "tmpfs \(size.map(String.init) ?? "")")
        case .secret(let id, let credential, let environment, _):
            list.add(name, "secret \(id) \(credential.mode) \(environment ?? "")")
        case .ssh(let id, _): list.add(name, "ssh \(id)")
        }
    }

    private func add(_ copy: CopyOperation, to list: inout IngredientList) {
        list.add("destination", copy.destination)
        list.add("owner", copy.owner ?? "")
        list.add("mode", copy.mode?.text ?? "")
        list.add("parents", String(copy.parents))
        list.add("link", String(copy.link))
        list.add("unpack", copy.unpack.rawValue)
        for (index, pattern) in copy.excludes.enumerated() { list.add("exclude \(index)", pattern) }
        for (index, source) in copy.sources.enumerated() {
            switch source {
            case .path(let path, .fileSystem(let system), _):
                list.add("what \(path) is copied from", tree(system))
                list.add("source \(index)", path)
            case .path(let path, .context(let name), _): list.add("source \(index)", "\(path) of context \(name ?? "")")
            case .inline(let name, let contents): list.add("source \(index)", "inline \(name) \(Digest.of(contents))")
            case .web(let address, _, _):
                list.add(Array("source \(index)".utf8), Array("file ".utf8) + address.fileName)
            case .git(let address, _):
                list.add("source \(index)", "folder \(address.subfolder) of a repository")
            }
        }
    }
}

extension FileOrigin {
    fileprivate var isContext: Bool {
        if case .context = self { true } else { false }
    }
}
