import Frontend
import Layers
import Linux
import OCI

/// Decides what a COPY or ADD puts where. Reads names and metadata, never contents.
///
/// The rules are those of the tool that everybody's recipes were written for.
struct CopyPlanner: ~Copyable {
    let owner: Ownership?
    let mode: ModeChange?
    let excludes: IgnorePatterns?
    /// When folders that are made on the way were last modified.
    let now: Int64
    private var destination: Destination

    /// Regular files with more than one name, by device and inode: the first name that was planned.
    private var hardLinks: [FileIdentity: TreePath] = [:]

    private struct FileIdentity: Hashable {
        let source: Int
        let device: UInt64
        let inode: UInt64
    }

    init(
        destination: consuming Destination, owner: Ownership?, mode: ModeChange?, excludes: IgnorePatterns?, now: Int64
    ) {
        self.destination = destination
        self.owner = owner
        self.mode = mode
        self.excludes = excludes
        self.now = now
    }

    /// Folders made on the way to the destination take a numeric `--chmod` too, but for its three special bits.
    private var template: FolderTemplate {
        FolderTemplate(mode: (mode?.absolute ?? 0o755) & 0o777, owner: owner ?? .root, modified: now)
    }

    // MARK: Where things go

    /// The path that `text` names, made if it is missing: all of it, or all but a last name that is not a folder's.
    private mutating func prepare(_ text: String) throws(BuildError) -> TreePath {
        let path = TreePath(normalising: text)
        let namesFolder = ["/", "/."].contains { text.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) }
        let folder = try destination.resolve(namesFolder ? path : path.parent)
        try destination.makeFolders(folder, like: template)
        return try destination.resolve(path)
    }

    /// Puts one source at `text`: a folder's contents into it, a file as it or into it.
    ///
    /// `entry`: the source, links followed.
    /// `name`: the source's own name, before links were followed.
    mutating func copy(
        _ entry: SourceEntry, named name: [UInt8], of tree: any SourceTree, _ source: Int, to text: String,
        include: IgnorePatterns? = nil
    ) throws(BuildError) {
        var walk = try begin(entry, named: name, of: tree, source, to: text, include: include)
        while try advance(&walk) {}
    }

    /// The same, so far that what is planned next can be asked for bit by bit.
    mutating func begin(
        _ entry: SourceEntry, named name: [UInt8], of tree: any SourceTree, _ source: Int, to text: String,
        include: IgnorePatterns?
    ) throws(BuildError) -> SourceWalk {
        var target = try prepare(text)
        let existing = try destination.entry(at: target)
        if !entry.isFolder, existing?.kind == .folder { target = target.appending(name) }
        try destination.makeFolders(entry.isFolder && existing == nil ? target : target.parent, like: template)

        // Only patterns ask where in the source an entry lies.
        var walk = SourceWalk(
            tree: tree, source: source, include: include, isAsked: excludes != nil || include != nil)
        try copy(entry, at: .root, to: target, isTop: true, &walk)
        return walk
    }

    /// Plans the next entry of a source; false if there is none.
    mutating func advance(_ walk: inout SourceWalk) throws(BuildError) -> Bool {
        guard let next = walk.next() else { return false }
        try copy(next.entry, at: next.relative, to: next.target, isTop: false, &walk)
        return true
    }

    /// Puts bytes of the recipe itself at `text`.
    mutating func copy(_ bytes: [UInt8], named name: [UInt8], to text: String) throws(BuildError) {
        var target = try prepare(text)
        if try destination.entry(at: target)?.kind == .folder { target = target.appending(name) }
        try destination.makeFolders(target.parent, like: template)
        try refuseFolder(at: target)
        let owner = owner ?? .root
        try destination.put(
            PlannedEntry(
                entry: TarEntry(
                    target, .file(size: Int64(bytes.count)),
                    mode: mode?.applied(to: 0o644, isFolder: false) ?? 0o644, owner: owner.user, group: owner.group,
                    modified: now, attributes: []),
                contents: .bytes(bytes)))
    }

    /// Everything that was planned and that differs from what is there.
    consuming func changes(comparing contents: FileComparison? = nil) throws(BuildError) -> PlannedChanges {
        try destination.changes(comparing: contents)
    }

    /// Takes what is planned and cannot change any more, of one source that is planned bit by bit.
    mutating func takeNext() -> PlannedEntry? { destination.takeNext() }

    /// Takes the last of it.
    mutating func takeLast() -> PlannedEntry? { destination.takeLast() }

    // MARK: What is copied

    private mutating func copy(
        _ entry: SourceEntry, at relative: TreePath, to target: TreePath, isTop: Bool, _ walk: inout SourceWalk
    ) throws(BuildError) {
        let isExcluded = !isTop && (excludes?.matches(relative) ?? false)
        let isWanted = isTop ? walk.include == nil || entry.isFolder == false : walk.include?.matches(relative) ?? true
        let isIncluded = isWanted && !isExcluded && entry.isIncluded
        if isIncluded || isTop && walk.include == nil {
            try makeWaiting(&walk)
        } else if !entry.isFolder || isExcluded && !(excludes?.mayHoldExceptions(below: relative) ?? false) {
            return
        }
        guard entry.isFolder else { return try copyFile(entry, to: target, walk.tree, walk.source) }

        let depth = walk.waiting.count
        if isTop {
            try mergeTop(entry, target)
        } else if isIncluded {
            try copyFolder(entry, to: target, walk.tree)
        } else {
            walk.waiting.append((entry, target))
        }
        try walk.open(entry, at: relative, to: target, waiting: depth)
    }

    /// A source's own folder gives its destination nothing but its contents and its time. The root of a source has no
    /// time worth keeping.
    private mutating func mergeTop(_ entry: SourceEntry, _ target: TreePath) throws(BuildError) {
        try destination.makeFolders(target, like: template)
        guard !entry.path.isRoot, !target.isRoot, var folder = try destination.entry(at: target) else { return }
        folder.modified = entry.status.modified.seconds
        try destination.put(PlannedEntry(entry: folder, contents: .none))
    }

    /// Plans the folders between what was asked for and the source's top: they look like the source's. Those that are
    /// there get the source's mode and keep all else.
    private mutating func makeWaiting(_ walk: inout SourceWalk) throws(BuildError) {
        for (entry, target) in walk.waiting {
            if var folder = try destination.entry(at: target), folder.kind == .folder {
                folder.mode = entry.status.mode
                try destination.put(PlannedEntry(entry: folder, contents: .none))
            } else {
                try copyFolder(entry, to: target, walk.tree)
            }
        }
        walk.waiting.removeAll()
    }

    private mutating func copyFolder(
        _ entry: SourceEntry, to target: TreePath, _ tree: any SourceTree
    ) throws(BuildError) {
        if let existing = try destination.entry(at: target), existing.kind != .folder {
            throw BuildError(
                .recipe, "not-a-folder", "the folder `\(entry.path)` cannot replace `\(target)`, which is no folder",
                hint: "remove it in a step before")
        }
        try destination.put(PlannedEntry(entry: try tarEntry(entry, .folder, at: target, tree), contents: .none))
    }

    private mutating func copyFile(
        _ entry: SourceEntry, to target: TreePath, _ tree: any SourceTree, _ source: Int
    ) throws(BuildError) {
        try refuseFolder(at: target)
        let kind: TarEntry.Kind
        var contents = PlannedEntry.Contents.none
        switch entry.status.kind {
        case .regular:
            let identity = FileIdentity(source: source, device: entry.status.device, inode: entry.status.inode)
            if entry.status.linkCount > 1, let first = hardLinks[identity], holds(first, identity) {
                kind = .hardLink(target: first)
            } else {
                kind = .file(size: entry.status.size)
                contents = .source(source, entry)
                if entry.status.linkCount > 1 { hardLinks[identity] = target }
            }
        case .symbolicLink: kind = .symbolicLink(target: try tree.linkTarget(of: entry))
        case .characterDevice: kind = .characterDevice(entry.status.deviceNumber)
        case .blockDevice: kind = .blockDevice(entry.status.deviceNumber)
        case .fifo: kind = .fifo
        case .socket, .folder: return
        }
        try destination.put(PlannedEntry(entry: try tarEntry(entry, kind, at: target, tree), contents: contents))
    }

    /// True if the path still gets that file's contents: a later source may have replaced it.
    private func holds(_ path: TreePath, _ file: FileIdentity) -> Bool {
        destination.keeps(path) { planned in
            guard case .source(file.source, let source) = planned.contents else { return false }
            return source.status.device == file.device && source.status.inode == file.inode
        }
    }

    private mutating func refuseFolder(at target: TreePath) throws(BuildError) {
        guard try destination.entry(at: target)?.kind == .folder else { return }
        throw BuildError(
            .recipe, "is-a-folder", "a file cannot replace the folder `\(target)`",
            hint: "end the destination with `/\(String(decoding: target.name, as: UTF8.self))/` to copy into it")
    }

    private func tarEntry(
        _ entry: SourceEntry, _ kind: TarEntry.Kind, at target: TreePath, _ tree: any SourceTree
    ) throws(BuildError) -> TarEntry {
        let isFolder = kind == .folder
        return TarEntry(
            target, kind,
            mode: kind.isLink ? 0o777 : mode?.applied(to: entry.status.mode, isFolder: isFolder) ?? entry.status.mode,
            owner: owner?.user ?? entry.owner, group: owner?.group ?? entry.group,
            modified: entry.status.modified.seconds, attributes: try tree.attributes(of: entry))
    }

    // MARK: Archives

    /// Where the entries of an archive go: a folder, made if it is missing.
    mutating func archiveFolder(_ text: String) throws(BuildError) -> TreePath {
        let folder = try destination.resolve(TreePath(normalising: text))
        try destination.makeFolders(folder, like: FolderTemplate(owner: owner ?? .root, modified: now))
        return folder
    }

    /// Puts an entry of an archive below `folder`. What is there gives way, but for folders, which merge.
    mutating func extract(
        _ entry: TarEntry, _ contents: PlannedEntry.Contents, into folder: TreePath
    ) throws(BuildError) {
        guard !entry.path.isRoot else { return }
        let parent = try place(of: entry.path.parent, in: folder)
        try destination.makeFolders(parent, like: FolderTemplate(modified: now))
        var entry = entry
        let path = parent.appending(entry.path.name)
        if case .hardLink(let target) = entry.kind {
            entry.kind = .hardLink(target: try carrier(of: target, for: path, in: folder))
        }
        entry.path = path
        if let owner { (entry.owner, entry.group) = (owner.user, owner.group) }
        if entry.kind != .folder { try destination.clear(below: entry.path) }
        try destination.put(PlannedEntry(entry: entry, contents: contents))
    }

    /// Where a folder of the archive is. An archive takes the folder that it goes into for the root, so that links lead
    /// nowhere else.
    private mutating func place(of path: TreePath, in folder: TreePath) throws(BuildError) -> TreePath {
        let resolved = try destination.resolve(path, in: folder)
        if resolved != path { try refuseLinksToNothing(on: path, in: folder) }
        return folder.appending(resolved)
    }

    /// Folders of an archive that are missing are made, but none to give a link something to lead to.
    private mutating func refuseLinksToNothing(on path: TreePath, in folder: TreePath) throws(BuildError) {
        var (written, place) = (TreePath.root, TreePath.root)
        for component in path.components {
            written = written.appending(component)
            let next = try destination.resolve(written, in: folder)
            if next != place.appending(component), try destination.entry(at: folder.appending(next)) == nil {
                throw BuildError(
                    .input, "layer", "the archive's `\(path)` is behind a link that leads to nothing in the destination"
                )
            }
            place = next
        }
    }

    /// The entry whose contents a hard link of the archive shares. It must have come before, from the same archive.
    private mutating func carrier(
        of target: TreePath, for path: TreePath, in folder: TreePath
    ) throws(BuildError) -> TreePath {
        let place = try place(of: target.parent, in: folder).appending(target.name)
        guard place != path, let planned = try destination.planned(at: place), !planned.isFolder else {
            throw BuildError(
                .input, "layer", "the archive's `\(path)` is a hard link to `\(target)`, which is no file before it")
        }
        if case .hardLink(let first) = planned.entry.kind { return first }
        return place
    }
}
