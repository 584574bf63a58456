import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// What a step sees besides its layers: its scripts and `RUN --mount`.
///
/// Everything is made ready here; the folders stay until the last reference to this goes. Mounts come in the order of
/// their targets, so that one within another covers a part of it.
final class StepMounts {
    /// Where something must be in the root to be mounted on.
    private(set) var places: [InitLayer.Place] = []
    private(set) var attachments: [Isolation.Attachment] = []
    /// Variables that hold secrets or name agents.
    private(set) var environment: [String] = []

    let frame: StepExecutor
    let inputs: StepInputs
    let isSandboxed: Bool
    private let tree: MergedTree
    private let scratch: StepScratch
    /// Kept until the step ends.
    private let caches: CacheMounts

    init(
        _ frame: StepExecutor, _ inputs: StepInputs, _ step: Step, _ run: RunOperation, over tree: MergedTree
    ) throws(BuildError) {
        self.frame = frame
        self.inputs = inputs
        self.tree = tree
        isSandboxed = run.security == .sandbox
        scratch = StepScratch(frame.store)
        caches = CacheMounts(frame, inputs)
        try caches.clear(for: step, run.mounts)
        try caches.claim(run.mounts)
        let wanted = frame.settings.sandbox.volumes.map(Wanted.volume) + run.mounts.map(Wanted.mount)
        for next in wanted.sorted(by: { $0.target < $1.target }) {
            switch next {
            case .volume(let volume): try add(volume)
            case .mount(let mount): do { try add(mount) } catch { throw error.at(mount.span) }
            }
        }
        nameAgent(of: run)
        try add(run.scripts)
    }

    /// Of two for one place the recipe's covers that of the command line: the sort is stable.
    private enum Wanted {
        case volume(Volume)
        case mount(RunMount)

        var target: TreePath {
            switch self {
            case .volume(let volume): TreePath(normalising: volume.target)
            case .mount(let mount): TreePath(normalising: mount.target)
            }
        }
    }

    private func add(_ volume: Volume) throws(BuildError) {
        let binding = VolumeMount(volume: volume, scratch: scratch)
        let isFolder = try binding.isFolder()
        attach(try binding.mount(), at: volume.target, isFolder: isFolder)
    }

    private func add(_ mount: RunMount) throws(BuildError) {
        switch mount.kind {
        case .bind(let origin, let source, let writable):
            let binding = BindMount(origin: origin, source: source, writable: writable, scratch: scratch, step: self)
            let view = try binding.view()
            let (part, isFolder) = (view.part, view.isFolder)
            attach(view.mount(), part: part, at: mount.target, isFolder: isFolder)
        case .cache(let id, let cache, let origin, let source):
            let part: FilePath = origin == nil ? FilePath(bytes: TreePath(normalising: source).bytes) : ""
            try attach(caches.mount(id, cache, origin, source), part: part, at: mount.target, isFolder: true)
        case .tmpfs(let size):
            let mode = try modeOfFolder(at: mount.target)
            let memory = try making(mount) { () throws(SyscallError) in try Linux.Mount.memory(size: size, mode: mode) }
            attach(memory, at: mount.target, isFolder: true)
        case .secret(let id, let credential, let variable, let asFile):
            try addSecret(mount, id, credential, variable: variable, asFile: asFile)
        case .ssh(let id, let credential): try addAgent(mount, id, credential)
        }
    }

    private func attach(_ mount: consuming Linux.Mount, part: FilePath = "", at target: String, isFolder: Bool) {
        places.append(InitLayer.Place(target: target, isFolder: isFolder))
        attachments.append(
            Isolation.Attachment(mount, part: part, at: FilePath(target), missing: isFolder ? .folder : .file))
    }

    /// What lies in the step's memory looks like what it covers; a new folder is everybody's, as `/tmp` is.
    private func modeOfFolder(at target: String) throws(BuildError) -> UInt16 {
        let found = try fromLayers { () throws(LayerError) in
            try tree.lookup(TreePath(normalising: target), lastLink: .follow)
        }
        return found?.status.mode ?? 0o1777
    }

    func making<Result: ~Copyable>(
        _ mount: RunMount, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch { throw BuildError(error, doing: "mounting `\(mount.target)`") }
    }
}

// MARK: - Scripts

extension StepMounts {
    private static let scripts = TreePath(normalising: "/dev/pipes")

    private func add(_ scripts: [RunOperation.Script]) throws(BuildError) {
        guard !scripts.isEmpty else { return }
        var files: [(name: FilePath, contents: [UInt8])] = []
        for script in scripts {
            let name = TreePath(normalising: script.path).relative(to: Self.scripts)
            guard let name, !name.isRoot, name.parent.isRoot else {
                throw BuildError(.recipe, "script-name", "a heredoc that is a script cannot be called `\(script.path)`")
            }
            files.append((FilePath(bytes: name.bytes), script.contents))
        }
        do throws(SyscallError) {
            let memory = try Linux.Mount.memory()
            let folder = try memory.folder()
            for (name, contents) in files {
                let file = try folder.createFile(name)
                try file.write(contents)
                try file.setMode(0o755)
            }
            try memory.restrict([.readOnly])
            // Below /dev, which is new for every step: the root needs no place for it.
            attachments.append(
                Isolation.Attachment(
                    memory, at: FilePath("/" + String(decoding: Self.scripts.bytes, as: UTF8.self)), missing: .folder))
        } catch {
            throw BuildError(error, doing: "writing the step's script")
        }
    }
}

// MARK: - Secrets and agents

extension StepMounts {
    private func addSecret(
        _ mount: RunMount, _ id: String, _ credential: RunMount.Credential, variable: String?, asFile: Bool
    ) throws(BuildError) {
        guard let value = try frame.credentials.secret(id) else {
            guard credential.required else { return }
            throw BuildError(
                .input, "no-secret", "the step needs the secret `\(id)`, and the build was given none",
                hint: "give it with `--secret id=\(id),src=FILE` or `--secret id=\(id),env=NAME`")
        }
        if let variable {
            guard !value.contains(0), let text = String(validating: value, as: UTF8.self) else {
                throw BuildError(
                    .input, "secret-text", "the secret `\(id)` is no text, so no variable can hold it",
                    hint: "mount it as a file")
            }
            environment.append("\(variable)=\(text)")
        }
        guard asFile else { return }
        let memory = try making(mount) { () throws(SyscallError) in
            let memory = try Self.secretMemory()
            let folder = try memory.folder()
            try folder.createFile("value", mode: 0o600).write(value)
            try folder.setOwner(of: "value", owner: credential.owner, group: credential.group)
            try folder.setMode(of: "value", credential.mode)
            try memory.restrict([.readOnly, .noDevices, .noPrograms, .noPrivileges])
            return memory
        }
        attach(memory, part: "value", at: mount.target, isFolder: false)
    }

    /// Memory that stays memory. In a user namespace the kernel does not promise that.
    private static func secretMemory() throws(SyscallError) -> Linux.Mount {
        do throws(SyscallError) {
            return try Linux.Mount.memory(size: 1 << 20, swaps: false)
        } catch  where error.errno == .invalidArgument || error.errno == .notPermitted {
            return try Linux.Mount.memory(size: 1 << 20)
        }
    }

    private func addAgent(
        _ mount: RunMount, _ id: String, _ credential: RunMount.Credential
    ) throws(BuildError) {
        guard let socket = frame.credentials.agent(id) else {
            guard credential.required else { return }
            throw BuildError(
                .input, "no-agent", "the step needs the ssh agent `\(id)`, and the build was given none",
                hint: "give it with `--ssh \(id)`")
        }
        let view = try making(mount) { () throws(SyscallError) in
            try Linux.Mount.bind(socket, [.readOnly, .noDevices, .noPrograms, .noPrivileges])
        }
        attach(view, at: mount.target, isFolder: false)
    }

    /// Names the first agent of the recipe, given or not, unless the recipe names one itself.
    private func nameAgent(of run: RunOperation) {
        guard !run.environment.contains(where: { $0.utf8.starts(with: "SSH_AUTH_SOCK=".utf8) }) else { return }
        let agent = run.mounts.first { if case .ssh = $0.kind { true } else { false } }
        if let agent { environment.insert("SSH_AUTH_SOCK=\(agent.target)", at: 0) }
    }
}
