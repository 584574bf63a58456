import Frontend
import Linux
import OCI
import Store

/// The files that a step takes from contexts, as ingredients of its key: name, kind, mode, contents; never a time.
struct ContextIngredients {
    let contexts: BuildContexts
    /// How many files are hashed at once.
    let threads: Int

    /// Adds one ingredient for each file, link and folder. Contents that nobody knows yet are read and hashed.
    func add(filesOf operation: Operation, to list: inout IngredientList) throws(BuildError) {
        switch operation {
        case .copy(let copy): try add(copy, to: &list)
        case .run(let run):
            for mount in run.mounts {
                guard case .bind(.context(let name), let source, _) = mount.kind else { continue }
                let tree = try contexts.tree(named: name)
                guard let entry = try tree.entry(at: try tree.resolve(TreePath(normalising: source))) else { continue }
                try add(SelectedFiles(entry, named: entry.path), of: tree, to: &list)
            }
        case .makeDirectory: break
        }
    }

    private func add(_ copy: CopyOperation, to list: inout IngredientList) throws(BuildError) {
        let excludes = try copy.excludePatterns()
        for source in copy.sources {
            guard case .path(let path, .context(let name), let span) = source else { continue }
            let tree = try contexts.tree(named: name)
            for selected in try copy.selection(of: source).select(path, in: tree, at: span) {
                var files = SelectedFiles(selected.entry, named: TreePath(normalising: selected.name))
                files.include = selected.include
                files.excludes = excludes
                try add(files, of: tree, to: &list)
            }
        }
    }

    /// An entry with everything below it, but for what patterns leave out.
    private struct SelectedFiles {
        let top: SourceEntry
        /// What the entry is called in the key; below it stands the path from there.
        let name: TreePath
        var include: IgnorePatterns?
        var excludes: IgnorePatterns?

        init(_ top: SourceEntry, named name: TreePath) {
            self.top = top
            self.name = name
        }

        /// Calls `body` with each entry and its name in the key.
        func forEach(
            in tree: ContextTree, _ body: (TreePath, SourceEntry) throws(BuildError) -> Void
        ) throws(BuildError) {
            try body(name, top)
            var open = top.isFolder ? [(folder: top, relative: TreePath.root)] : []
            while let (folder, relative) = open.popLast() {
                for child in try tree.children(of: folder) {
                    let below = relative.appending(child.path.lastComponent)
                    let isExcluded = excludes?.matches(below) ?? false
                    if !isExcluded, include?.matches(below) ?? true, child.isIncluded {
                        try body(name.appending(below), child)
                    }
                    if child.isFolder { open.append((child, below)) }
                }
            }
        }
    }

    /// How many files are taken at a time: enough for several threads, and no more than memory is to be had for.
    private static let portion = 8192

    /// A file with its name in the key, and its digest if that is known.
    private typealias NamedFile = (path: TreePath, entry: SourceEntry, digest: Digest?)

    private func add(
        _ files: SelectedFiles, of tree: ContextTree, to list: inout IngredientList
    ) throws(BuildError) {
        var portion: [NamedFile] = []
        try files.forEach(in: tree) { path, entry throws(BuildError) in
            portion.append((path, entry, entry.status.kind == .regular ? try tree.knownDigest(of: entry) : nil))
            guard portion.count == Self.portion else { return }
            try add(portion, of: tree, to: &list)
            portion.removeAll(keepingCapacity: true)
        }
        try add(portion, of: tree, to: &list)
    }

    private func add(_ files: [NamedFile], of tree: ContextTree, to list: inout IngredientList) throws(BuildError) {
        try read(files.filter { $0.digest == nil && $0.entry.status.kind == .regular }.map(\.entry), of: tree)
        var (name, value): ([UInt8], [UInt8]) = ([], [])
        for file in files {
            name.removeAll(keepingCapacity: true)
            name += Self.prefix
            name += file.path.bytes
            value.removeAll(keepingCapacity: true)
            try Self.describe(file.entry, file.digest, of: tree, in: &value)
            list.add(name, value)
        }
    }

    /// Hashes files, several at once, so that their digests are known.
    private func read(_ files: [SourceEntry], of tree: ContextTree) throws(BuildError) {
        let portion = 256
        let portions = stride(from: 0, to: files.count, by: portion).map { $0..<min($0 + portion, files.count) }
        _ = try portions.mapOnThreads(threads) { range throws(BuildError) in
            let tree = tree.apart()
            for file in files[range] { _ = try tree.digest(of: file) }
        }
    }

    private static let prefix = Array("file ".utf8)

    /// Appends what shows of an entry in a layer: `regular 644 ` and the digest, `symbolicLink 777 ` and the target.
    private static func describe(
        _ entry: SourceEntry, _ known: Digest?, of tree: ContextTree, in value: inout [UInt8]
    ) throws(BuildError) {
        value += name(of: entry.status.kind)
        value += octal(entry.status.mode)
        switch entry.status.kind {
        case .regular:
            let digest = if let known { known } else { try tree.digest(of: entry) }
            digest.withBytes { value += $0 }
        case .symbolicLink: value += try tree.linkTarget(of: entry)
        case .characterDevice, .blockDevice: value += Array("\(entry.status.deviceNumber)".utf8)
        case .folder, .fifo, .socket: break
        }
        for attribute in try tree.attributes(of: entry) { value += attribute.name + Digest.of(attribute.value).bytes }
    }

    private static func name(of kind: FileKind) -> String.UTF8View {
        switch kind {
        case .regular: "regular ".utf8
        case .folder: "folder ".utf8
        case .symbolicLink: "symbolicLink ".utf8
        case .characterDevice: "characterDevice ".utf8
        case .blockDevice: "blockDevice ".utf8
        case .fifo: "fifo ".utf8
        case .socket: "socket ".utf8
        }
    }

    private static func octal(_ mode: UInt16) -> String.UTF8View { (String(mode, radix: 8) + " ").utf8 }
}
