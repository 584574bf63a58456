import Frontend
import Glibc
import Layers
import Linux
import Store
import SystemPackage

/// The contexts of a build as folders: an archive is laid out in a scratch folder of the store first.
struct OpenContext: Sendable {
    /// The main context; `nil` if there is none.
    let folder: FilePath?
    /// Those given by name.
    let named: [String: FilePath]

    /// An archive needs the store; `store` may be why there is none.
    init(_ request: BuildRequest, _ store: Result<Store, BuildError>) throws(BuildError) {
        switch request.context {
        case .folder(let path): folder = request.currentDirectory.pushing(path).withoutDots
        case .empty: folder = nil
        case .archive(let path):
            let absolute = request.currentDirectory.pushing(path)
            let file: File
            do throws(SyscallError) { file = try File(opening: absolute, O_RDONLY | O_NONBLOCK) } catch {
                throw BuildError(error, doing: "opening the context", kind: .input)
            }
            folder = try Self.extract(file, path.string, try store.get())
        case .standardInput:
            let input: File
            do throws(SyscallError) { input = File(try OwnedDescriptor.standard(STDIN_FILENO)) } catch {
                throw BuildError(error, doing: "reading the context", kind: .input)
            }
            folder = try Self.extract(input, "standard input", try store.get())
        }
        var named: [String: FilePath] = [:]
        for (name, source) in request.namedContexts where request.plan.folderContexts.contains(name) {
            if case .path(let path) = source { named[name] = request.currentDirectory.pushing(path) }
        }
        self.named = named
    }

    private static func extract(
        _ archive: consuming File, _ name: String, _ store: Store
    ) throws(BuildError) -> FilePath {
        let folder = try fromStore { () throws(StoreError) in try store.scratchPath() }
        do throws(SyscallError) {
            let parent = try Folder(opening: folder.removingLastComponent())
            try parent.makeFolder(FilePath(root: nil, folder.components.suffix(1)))
        } catch {
            throw BuildError(error, doing: "making room for the context")
        }
        do throws(LayerError) {
            _ = try ArchiveExtraction().extract(archive, into: folder)
        } catch {
            if case .notAnArchive = error {
                throw BuildError(
                    .input, "context-archive", "the context from \(name) is neither a folder nor an archive")
            }
            throw BuildError(error)
        }
        return folder
    }
}

extension FilePath {
    /// The same path without its `.` components; `..` stays, since links give it its meaning.
    var withoutDots: FilePath {
        FilePath(root: root, components.filter { $0.kind != .currentDirectory })
    }
}
