import Frontend
import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// Makes folders of contexts: an archive is laid out in a scratch folder of the store, and what lies elsewhere is
/// fetched.
struct ContextOpener {
    let request: BuildRequest
    /// What fetches, and has the store; or why there is neither.
    let remotes: Result<RemoteSources, BuildError>

    func open(_ location: ContextLocation) throws(BuildError) -> OpenedContext? {
        switch location {
        case .empty: return nil
        case .folder(let path):
            let folder = request.currentDirectory.pushing(path).withoutDots
            return OpenedContext(folder: folder, name: folder.string, origin: .thisMachine)
        case .archive(let path):
            let absolute = request.currentDirectory.pushing(path)
            let file: File
            do throws(SyscallError) { file = try File(opening: absolute, O_RDONLY | O_NONBLOCK) } catch {
                throw BuildError(error, doing: "opening the context", kind: .input)
            }
            // Devices have no end.
            guard (try? file.status().kind) != .characterDevice else { throw Self.noArchive(absolute.string) }
            return try archive(file, absolute.string)
        case .standardInput:
            let input: File
            do throws(SyscallError) { input = File(try OwnedDescriptor.standard(STDIN_FILENO)) } catch {
                throw BuildError(error, doing: "reading the context", kind: .input)
            }
            return try archive(input, "standard input")
        case .remote(.git(let address)):
            let checkout = try remotes.get().checkout(of: keepsGitFolder ? address.keepingGitFolder() : address)
            return OpenedContext(
                folder: checkout.folder, name: "\(address.remote)#\(address.reference ?? ""):\(address.subfolder)",
                origin: .elsewhere(time: checkout.time))
        case .remote(.web(let address)): return try fetched(address)
        }
    }

    /// The argument by which BuildKit is told to keep `.git` in a context.
    private var keepsGitFolder: Bool {
        let value = request.plan.arguments["BUILDKIT_CONTEXT_KEEP_GIT_DIR"]
        return value.map { ["1", "t", "true"].contains($0.lowercased()) } ?? false
    }

    private func archive(_ file: consuming File, _ name: String) throws(BuildError) -> OpenedContext {
        guard let folder = try extract(file) else { throw Self.noArchive(name) }
        return OpenedContext(folder: folder, name: name, origin: .archive)
    }

    private static func noArchive(_ name: String) -> BuildError {
        BuildError(.input, "context-archive", "the context from \(name) is neither a folder nor an archive")
    }

    /// An archive from the web, or else a recipe: then it is the only file of the context.
    private func fetched(_ address: WebAddress) throws(BuildError) -> OpenedContext {
        let (remotes, store) = (try remotes.get(), try remotes.get().store)
        let download = try remotes.download(address)
        let origin = download.modified.map { OpenedContext.Origin.elsewhere(time: $0) } ?? .archive
        if let folder = try extract(try fromStore { () throws(StoreError) in try store.blobs.open(download.digest) }) {
            return OpenedContext(folder: folder, name: address.text, origin: origin)
        }
        let bytes = try remotes.bytes(at: address, limit: RecipeLoader.limit)
        let folder = try store.newScratchFolder()
        do throws(SyscallError) { try Folder(opening: folder).createFile("context").write(bytes) } catch {
            throw BuildError(error, doing: "keeping what was fetched")
        }
        let recipe = RecipeLoader.Found(
            source: RecipeSource(name: address.shown, bytes: bytes), path: folder.appending("context"))
        return OpenedContext(folder: folder, name: address.text, origin: origin, recipe: recipe)
    }

    /// Lays an archive out in a new folder; `nil` if the file is none.
    private func extract(_ archive: consuming File) throws(BuildError) -> FilePath? {
        let remotes = try remotes.get()
        let folder = try remotes.store.newScratchFolder()
        do throws(LayerError) {
            _ = try ArchiveExtraction(interruption: remotes.interruption).extract(archive, into: folder)
            return folder
        } catch {
            if case .notAnArchive = error { return nil }
            throw BuildError(error)
        }
    }
}
