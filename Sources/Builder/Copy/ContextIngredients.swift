import Frontend
import Linux
import OCI
import Store

/// The files that a step takes from contexts, as ingredients of its key: name, kind, mode, contents; never a time.
struct ContextIngredients {
    let contexts: BuildContexts
    /// How many files are hashed at once.
    let threads: Int

    func ingredients(of operation: Operation) throws(BuildError) -> [Ingredient] {
        var list: [Ingredient] = []
        switch operation {
        case .copy(let copy): try add(copy, to: &list)
        case .run(let run):
            for mount in run.mounts {
                guard case .bind(.context(let name), let source, _) = mount.kind else { continue }
                let tree = try contexts.tree(named: name)
                guard let entry = tree.entry(at: try tree.resolve(TreePath(normalising: source))) else { continue }
                list += try describe(Self.files(SelectedFiles(entry, named: entry.path), of: tree), of: tree)
            }
        case .makeDirectory: break
        }
        return list
    }

    private func add(_ copy: CopyOperation, to list: inout [Ingredient]) throws(BuildError) {
        let excludes = try copy.excludePatterns()
        for source in copy.sources {
            guard case .path(let path, .context(let name), let span) = source else { continue }
            let tree = try contexts.tree(named: name)
            for selected in try copy.selection(of: source).select(path, in: tree, at: span) {
                var files = SelectedFiles(selected.entry, named: TreePath(normalising: selected.name))
                files.include = selected.include
                files.excludes = excludes
                list += try describe(Self.files(files, of: tree), of: tree)
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
    }

    private struct NamedEntry: Sendable {
        let name: TreePath
        let entry: SourceEntry
    }

    private static func files(_ selected: SelectedFiles, of tree: ContextTree) -> [NamedEntry] {
        var files = [NamedEntry(name: selected.name, entry: selected.top)]
        var open = selected.top.isFolder ? [(folder: selected.top, relative: TreePath.root)] : []
        while let (folder, relative) = open.popLast() {
            for child in tree.children(of: folder) {
                let below = relative.appending(child.path.name)
                let isExcluded = selected.excludes?.matches(below) ?? false
                if !isExcluded, selected.include?.matches(below) ?? true, child.isIncluded {
                    files.append(NamedEntry(name: selected.name.appending(below), entry: child))
                }
                if child.isFolder { open.append((child, below)) }
            }
        }
        return files
    }

    /// Hashes what has to be hashed, several files at once.
    private func describe(_ files: [NamedEntry], of tree: ContextTree) throws(BuildError) -> [Ingredient] {
        let portion = 256
        let portions = stride(from: 0, to: files.count, by: portion).map { $0..<min($0 + portion, files.count) }
        return try portions.mapOnThreads(threads) { range throws(BuildError) in
            var ingredients: [Ingredient] = []
            ingredients.reserveCapacity(range.count)
            for file in files[range] {
                ingredients.append(Ingredient(Self.prefix + file.name.bytes, try Self.describe(file.entry, of: tree)))
            }
            return ingredients
        }.flatMap { $0 }
    }

    private static let prefix = Array("file ".utf8)

    private static func describe(_ entry: SourceEntry, of tree: ContextTree) throws(BuildError) -> [UInt8] {
        var value = Array("\(entry.status.kind) \(String(entry.status.mode, radix: 8)) ".utf8)
        switch entry.status.kind {
        case .regular: value += try tree.digest(of: entry).bytes
        case .symbolicLink: value += try tree.linkTarget(of: entry)
        case .characterDevice, .blockDevice: value += Array("\(entry.status.deviceNumber)".utf8)
        case .folder, .fifo, .socket: break
        }
        for attribute in try tree.attributes(of: entry) { value += attribute.name + Digest.of(attribute.value).bytes }
        return value
    }
}
