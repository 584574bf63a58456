import Frontend
import Store
import SystemPackage

/// The contexts of a build as folders: archives are laid out in a scratch folder of the store first.
struct OpenContext: Sendable {
    /// The main context; `nil` if there is none.
    let folder: FilePath?
    /// Those given by name.
    let named: [String: FilePath]

    init(_ request: BuildRequest, _ store: Store) throws(BuildError) {
        switch request.context {
        case .folder(let path): folder = request.currentDirectory.pushing(path)
        case .empty: folder = nil
        case .archive, .standardInput:
            throw BuildError(.input, "context-archive", "a context that is an archive cannot be read yet")
        }
        var named: [String: FilePath] = [:]
        for (name, source) in request.namedContexts where request.plan.folderContexts.contains(name) {
            if case .path(let path) = source { named[name] = request.currentDirectory.pushing(path) }
        }
        self.named = named
    }
}
