import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// The folders of a step's cache mounts, claimed for as long as this lives.
///
/// They are claimed all before the first is used and in the order of their names, so that no two steps can wait for each
/// other.
final class CacheMounts {
    private let frame: StepExecutor
    private let inputs: StepInputs
    private var folders: [Digest: MountFolder] = [:]

    init(_ frame: StepExecutor, _ inputs: StepInputs) {
        self.frame = frame
        self.inputs = inputs
    }

    /// Empties the caches that `step` is to begin anew with. Each is emptied once in a build, before its first use. Of one
    /// that another build has this build takes another folder.
    func clear(for step: Step, _ mounts: [RunMount]) throws(BuildError) {
        guard !frame.settings.usesCache(for: step) else { return }
        for case .cache(let id, let cache, let origin, let source) in mounts.map(\.kind)
        where cache.isDescribed || origin?.fileSystem?.step != nil {
            let name = name(id, cache, origin, source)
            try frame.clearedCaches.begin(name) { () throws(BuildError) in try clear(name) }
        }
    }

    /// Empties the first folder of the cache that nobody has; returns its number.
    private func clear(_ name: Digest) throws(BuildError) -> Int {
        try fromStore { () throws(StoreError) in
            var number = 0
            while true {
                if let folder = try frame.store.mounts.claim(name, number: number, .exclusive) {
                    try folder.clear()
                    return number
                }
                number += 1
            }
        }
    }

    /// Claims what the step needs; a folder that it mounts twice is claimed once, in the stricter way.
    func claim(_ mounts: [RunMount]) throws(BuildError) {
        var wanted: [Digest: RunMount.Sharing] = [:]
        for case .cache(let id, let cache, let origin, let source) in mounts.map(\.kind) {
            let name = name(id, cache, origin, source)
            if let other = wanted[name], other != .shared { continue }
            wanted[name] = cache.sharing
        }
        for (name, sharing) in wanted.sorted(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) {
            folders[name] = try claim(name, sharing)
        }
    }

    private func claim(_ name: Digest, _ sharing: RunMount.Sharing) throws(BuildError) -> MountFolder {
        var number = frame.clearedCaches.number(of: name)
        while true {
            let folder = try fromStore { () throws(StoreError) in
                try frame.store.mounts.claim(name, number: number, sharing == .shared ? .shared : .exclusive)
            }
            if let folder { return folder }
            guard !frame.interruption.isRequested else { throw .interrupted }
            if sharing == .private {
                number += 1
            } else {
                _ = frame.interruption.wait(milliseconds: 20)
            }
        }
    }

    /// A mount of the folder, which is made now if it is new.
    func mount(
        _ id: String, _ cache: RunMount.Cache, _ origin: FileOrigin?, _ source: String
    ) throws(BuildError) -> Linux.Mount {
        let name = name(id, cache, origin, source)
        let folder = if let claimed = folders[name] { claimed } else { try claim(name, cache.sharing) }
        folders[name] = folder
        frame.mountedCaches.insert(name, number: folder.number)
        if let filling = try fromStore({ () throws(StoreError) in try folder.filling() }) {
            if !takeOver(name, id, at: filling.path) { try make(at: filling.path, cache, origin, source) }
            do { try filling.commit() } catch { throw BuildError(error) }
        }
        do {
            return try Linux.Mount.bind(folder.path, cache.readOnly ? [.readOnly, .noDevices] : [.noDevices])
        } catch {
            throw BuildError(error, doing: "mounting the cache `\(id)`")
        }
    }

    private func name(_ id: String, _ cache: RunMount.Cache, _ origin: FileOrigin?, _ source: String) -> Digest {
        inputs.cacheName(id, cache, origin, source)
    }

    /// Takes over what another machine left, if there is such and this build does not begin anew. What cannot be had
    /// costs time and nothing else.
    private func takeOver(_ name: Digest, _ id: String, at path: FilePath) -> Bool {
        guard !frame.clearedCaches.contains(name) else { return false }
        do throws(ImageError) {
            return try frame.importedCache.fill(name, at: path)
        } catch {
            frame.events(.note("the cache mount `\(id)` cannot be had from the cache: \(error)"))
            try? Folder(opening: path.removingLastComponent()).removeTree(
                FilePath(root: nil, path.components.suffix(1)))
            return false
        }
    }

    private func make(
        at path: FilePath, _ cache: RunMount.Cache, _ origin: FileOrigin?, _ source: String
    ) throws(BuildError) {
        switch origin {
        case .fileSystem(let system)?:
            try copy(source, of: MergedSourceTree(tree: try frame.tree(inputs.result(system))), to: path)
        case .context(let name)?: try copy(source, of: try frame.contexts.tree(named: name), to: path)
        case nil:
            do throws(SyscallError) {
                let name = FilePath(root: nil, path.components.suffix(1))
                let above = try Folder(opening: path.removingLastComponent())
                try above.makeFolder(name, mode: 0o700)
                try above.setOwner(of: name, owner: cache.owner, group: cache.group)
                try above.setMode(of: name, cache.mode)
            } catch {
                throw BuildError(error, doing: "making a cache")
            }
        }
    }

    private func copy(_ source: String, of tree: some SourceTree, to path: FilePath) throws(BuildError) {
        let resolved = try tree.resolve(TreePath(normalising: source))
        // The file system of `scratch` has a root too.
        guard let entry = try tree.entry(at: resolved) else {
            throw BuildError(.recipe, "missing-source", "`\(source)` is not there to start the cache with")
        }
        guard entry.isFolder else { throw BuildError(.recipe, "missing-source", "`\(source)` is no folder") }
        try SourceCopy(tree: tree).copy(entry, to: path)
    }
}
