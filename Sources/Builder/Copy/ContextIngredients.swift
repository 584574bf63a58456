import Frontend
import Glibc
import Linux
import OCI
import Store

/// The files that a step takes from contexts, as ingredients of its key: name, kind, mode, contents; never a time.
struct ContextIngredients {
    let contexts: BuildContexts

    func ingredients(of operation: Operation) throws(BuildError) -> [Ingredient] {
        var list: [Ingredient] = []
        switch operation {
        case .copy(let copy): try add(copy, to: &list)
        case .run(let run):
            for mount in run.mounts {
                guard case .bind(.context(let name), let source, _) = mount.kind else { continue }
                let tree = try contexts.tree(named: name)
                let path = try tree.resolve(TreePath(normalising: source))
                guard let entry = tree.entry(at: path) else { continue }
                try add(entry, of: tree, at: path, include: nil, excludes: nil, to: &list)
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
                let start = TreePath(normalising: selected.name)
                try add(selected.entry, of: tree, at: start, include: selected.include, excludes: excludes, to: &list)
            }
        }
    }

    /// `path`: what the entry is called in the key: its name, and below it the path from there.
    private func add(
        _ top: SourceEntry, of tree: ContextTree, at path: TreePath, include: IgnorePatterns?,
        excludes: IgnorePatterns?, to list: inout [Ingredient]
    ) throws(BuildError) {
        try list.append(Ingredient(Self.name(path), describe(top, of: tree)))
        guard top.isFolder else { return }
        var open = [(folder: top, relative: TreePath.root)]
        while let (folder, relative) = open.popLast() {
            for child in tree.children(of: folder) {
                let below = relative.appending(child.path.name)
                let isExcluded = excludes?.matches(below) ?? false
                let isIncluded = !isExcluded && (include?.matches(below) ?? true) && child.isIncluded
                if isIncluded {
                    try list.append(Ingredient(Self.name(path.appending(below)), describe(child, of: tree)))
                }
                if child.isFolder { open.append((child, below)) }
            }
        }
    }

    private static func name(_ path: TreePath) -> [UInt8] { Array("file ".utf8) + path.bytes }

    private func describe(_ entry: SourceEntry, of tree: ContextTree) throws(BuildError) -> [UInt8] {
        var text = "\(entry.status.kind) \(String(entry.status.mode, radix: 8))"
        switch entry.status.kind {
        case .regular: text += " \(try tree.digest(of: entry).hex)"
        case .symbolicLink: text += " \(String(decoding: try tree.linkTarget(of: entry), as: UTF8.self))"
        case .characterDevice, .blockDevice: text += " \(entry.status.deviceNumber)"
        case .folder, .fifo, .socket: break
        }
        for attribute in try tree.attributes(of: entry) {
            text += " \(String(decoding: attribute.name, as: UTF8.self))=\(Digest.of(attribute.value).hex)"
        }
        return Array(text.utf8)
    }
}
