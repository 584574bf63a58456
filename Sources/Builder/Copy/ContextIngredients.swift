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

        /// Calls `body` with each entry.
        func forEach(
            in tree: ContextTree, _ body: (SourceEntry) throws(BuildError) -> Void
        ) throws(BuildError) {
            try body(top)
            var open = top.isFolder ? [top] : []
            while let folder = open.popLast() {
                for child in try tree.children(of: folder) {
                    if child.isIncluded, matches(child) { try body(child) }
                    if child.isFolder { open.append(child) }
                }
            }
        }

        private func matches(_ entry: SourceEntry) -> Bool {
            guard excludes != nil || include != nil else { return true }
            let path = TreePath(unchecked: Array(below(entry)))
            return !(excludes?.matches(path) ?? false) && include?.matches(path) ?? true
        }

        /// The path of an entry below the top.
        private func below(_ entry: SourceEntry) -> ArraySlice<UInt8> {
            guard !top.path.isRoot else { return entry.path.bytes[...] }
            return entry.path.bytes.dropFirst(top.path.bytes.count + 1)
        }

        /// Appends what an entry is called in the key.
        func appendName(of entry: SourceEntry, to text: inout [UInt8]) {
            let below = below(entry)
            text += name.bytes
            if !name.isRoot, !below.isEmpty { text.append(UInt8(ascii: "/")) }
            text += below
        }
    }

    /// How many files are taken at a time: enough for several threads, and no more than memory is to be had for.
    private static let portion = 8192

    /// Files whose contents nobody knows wait until there are many of them, and with them all that come after.
    private func add(
        _ files: SelectedFiles, of tree: ContextTree, to list: inout IngredientList
    ) throws(BuildError) {
        var waiting: [SourceEntry] = []
        try files.forEach(in: tree) { entry throws(BuildError) in
            let digest = entry.status.kind == .regular ? try tree.knownDigest(of: entry) : nil
            if waiting.isEmpty, digest != nil || entry.status.kind != .regular {
                return try add(entry, digest, of: files, in: tree, to: &list)
            }
            waiting.append(entry)
            guard waiting.count == Self.portion else { return }
            try add(waiting, of: files, in: tree, to: &list)
            waiting.removeAll(keepingCapacity: true)
        }
        try add(waiting, of: files, in: tree, to: &list)
    }

    private func add(
        _ entries: [SourceEntry], of files: SelectedFiles, in tree: ContextTree, to list: inout IngredientList
    ) throws(BuildError) {
        try read(entries.filter { $0.status.kind == .regular }, of: tree)
        for entry in entries { try add(entry, nil, of: files, in: tree, to: &list) }
    }

    private func add(
        _ entry: SourceEntry, _ digest: Digest?, of files: SelectedFiles, in tree: ContextTree,
        to list: inout IngredientList
    ) throws(BuildError) {
        try list.add(nameOf: { name in
            name += Self.prefix
            files.appendName(of: entry, to: &name)
        }) { value throws(BuildError) in try Self.describe(entry, digest, of: tree, in: &value) }
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
        appendOctal(entry.status.mode, to: &value)
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

    /// The digits of a mode, without zeros before them, and a blank.
    private static func appendOctal(_ mode: UInt16, to value: inout [UInt8]) {
        for shift in stride(from: 15, to: 0, by: -3) where mode >> shift != 0 {
            value.append(UInt8(ascii: "0") + UInt8(mode >> shift & 7))
        }
        value.append(UInt8(ascii: "0") + UInt8(mode & 7))
        value.append(UInt8(ascii: " "))
    }
}
