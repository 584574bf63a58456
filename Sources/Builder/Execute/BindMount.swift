import Frontend
import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// `RUN --mount=type=bind`: files of a stage, an image or a context.
///
/// What is written into a writable one goes to a folder that the step's end removes. Nothing leads to the host's own
/// files but a mount that can only be read.
struct BindMount {
    let origin: FileOrigin
    let source: String
    let writable: Bool
    let scratch: StepScratch
    let step: StepMounts

    /// What is mounted: the whole or a part of a file system.
    struct View: ~Copyable {
        private let whole: Linux.Mount
        /// Empty for the whole.
        let part: FilePath
        let isFolder: Bool

        init(_ whole: consuming Linux.Mount, part: FilePath = "", isFolder: Bool) {
            self.whole = whole
            self.part = part
            self.isFolder = isFolder
        }

        consuming func mount() -> Linux.Mount { whole }
    }

    func view() throws(BuildError) -> View {
        switch origin {
        case .fileSystem(let system): try view(of: step.inputs.result(system))
        case .context(let name): try view(of: step.frame.contexts.tree(named: name))
        }
    }

    // MARK: - Stages and images

    private func view(of result: StepResult) throws(BuildError) -> View {
        let folders = try step.frame.squashedLayers.folders(for: result.layers)
        guard !folders.isEmpty else { return try viewOfNothing() }
        let tree = MergedSourceTree(tree: try step.frame.tree(result))
        let path = try tree.resolve(TreePath(normalising: source))
        guard let entry = try tree.entry(at: path) else { throw missing() }
        return View(
            writable ? try writableView(of: folders) : try readOnlyView(of: folders),
            part: FilePath(bytes: path.bytes), isFolder: entry.isFolder)
    }

    /// The root of `scratch`.
    private func viewOfNothing() throws(BuildError) -> View {
        guard TreePath(normalising: source).isRoot else { throw missing() }
        return View(
            try mounting { () throws(SyscallError) in
                try Linux.Mount.memory(writable ? [.noDevices] : [.noDevices, .readOnly])
            }, isFolder: true)
    }

    private func readOnlyView(of folders: [FilePath]) throws(BuildError) -> Linux.Mount {
        let empty = try scratch.newFolder()
        return try mounting { () throws(SyscallError) in
            try Linux.Mount.overlay(reading: folders, empty: empty)
        }
    }

    private func writableView(of folders: [FilePath]) throws(BuildError) -> Linux.Mount {
        let (upper, work) = (try scratch.newFolder(), try scratch.newFolder())
        return try mounting { () throws(SyscallError) in
            try Linux.Mount.overlay(lower: folders, upper: upper, work: work)
        }
    }

    // MARK: - Contexts

    private func view(of tree: ContextTree) throws(BuildError) -> View {
        let path = try tree.resolve(TreePath(normalising: source))
        guard let entry = try tree.entry(at: path) else { throw missing() }
        if !writable, entry.isFolder, step.isSandboxed, try tree.showsAll(below: path) {
            let folder = try tree.folder(at: path)
            return View(
                try mounting { () throws(SyscallError) in try Linux.Mount.bind(folder.handle, [.readOnly, .noDevices])
                },
                isFolder: true)
        }
        let copy = try scratch.newPath()
        try SourceCopy(tree: tree).copy(entry, to: copy)
        return View(
            try mounting { () throws(SyscallError) in
                try Linux.Mount.bind(copy, writable ? [.noDevices] : [.readOnly, .noDevices])
            }, isFolder: entry.isFolder)
    }

    private func missing() -> BuildError {
        BuildError(.recipe, "missing-source", "`\(source)` is not in \(origin.place)", hint: origin.remedy)
    }

    private func mounting(_ body: () throws(SyscallError) -> Linux.Mount) throws(BuildError) -> Linux.Mount {
        do { return try body() } catch { throw BuildError(error, doing: "mounting `\(source)` for the step") }
    }
}
