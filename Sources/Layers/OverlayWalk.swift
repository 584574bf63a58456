import Linux
import OCI
import SystemPackage

/// The walk of an upper folder that finds out what each name in it means.
///
/// Of what is still ahead it keeps the names, and those only of the folders that it is in; of a few also what was asked
/// about them.
struct OverlayWalk: ~Copyable {
    private let upper: LayerRoot
    private let lower: MergedTree
    private let hidden: Set<TreePath>
    private let normaliser: EntryNormaliser

    private var spool: RecordSpool
    private var count = 0
    private var links = HardlinkTable()
    /// Of each folder in the upper folder, by its number: the one it lies in, and whether it leads to a change.
    private var parents: [Int] = []
    private var leads: [Bool] = []
    /// The folders that the walk is in, the innermost last.
    private var open: [OpenFolder] = []
    /// How many names' statuses are kept in them.
    private var kept = 0
    /// More than this are not, so that a folder of a million files takes no more than their names.
    private static let keptAtMost = 1 << 13

    /// A folder whose names are judged one after the other.
    private struct OpenFolder {
        let path: TreePath
        /// Its number; -1 for the root, which is no finding.
        let number: Int
        /// The folder that it hides or adds to.
        let below: MergedTree.Found?
        let isCovered: Bool
        let names: FolderListing
        /// Of each name; none if there are too many.
        let statuses: [FileStatus]
        var next = 0
    }

    /// A name that is to be judged.
    private struct Pending {
        let path: TreePath
        let status: FileStatus
        /// What the name is without the upper folder.
        let below: MergedTree.Found?
        let isCovered: Bool
        /// The number of the folder it lies in.
        let folder: Int
    }

    init(
        _ upper: LayerRoot, over lower: MergedTree, hidden: Set<TreePath>, normaliser: EntryNormaliser,
        recordingIn folder: FilePath
    ) {
        self.upper = upper
        self.lower = lower
        self.hidden = hidden
        self.normaliser = normaliser
        spool = RecordSpool(in: folder)
    }

    consuming func findings() throws(LayerError) -> OverlayFindings {
        try enter(.root, number: -1, below: try lower.root(), isCovered: false)
        while let next = try nextName() {
            let finding = try finding(for: next)
            let isFolder = finding.presence == .folder
            let links = HardlinkTable.Name(finding: count, folder: next.folder)
            if finding.entry != nil, finding.verdict != .meaningless {
                self.links.add(links, finding, next.status, below: next.below?.status)
            }
            try record(finding, in: next.folder)
            guard isFolder else { continue }
            let below = next.below.flatMap { $0.status.kind == .folder ? $0 : nil }
            let isCovered = next.isCovered ? true : try upper.isOpaque(next.path)
            parents.append(next.folder)
            leads.append(false)
            try enter(next.path, number: parents.count - 1, below: below, isCovered: isCovered)
        }
        let written = writtenLinks()
        return OverlayFindings(count: count, records: spool.finish(), leads: leads, links: written)
    }

    private mutating func nextName() throws(LayerError) -> Pending? {
        while let here = open.last {
            guard here.next < here.names.count else {
                kept -= open.removeLast().statuses.count
                continue
            }
            open[open.count - 1].next += 1
            let name = here.names[here.next].name
            let path = here.path.appending(name)
            let known = here.statuses.isEmpty ? try upper.status(of: path) : here.statuses[here.next]
            guard let status = known else { continue }
            return Pending(
                path: path, status: status,
                below: try here.below.flatMap { below throws(LayerError) in try lower.child(name, of: below) },
                isCovered: here.isCovered, folder: here.number)
        }
        return nil
    }

    /// Notes what is gone in a folder, and turns to what is in it.
    private mutating func enter(
        _ folder: TreePath, number: Int, below: MergedTree.Found?, isCovered: Bool
    ) throws(LayerError) {
        var gone = FolderListing()
        var names = try upper.listing(of: folder)
        var statuses: [FileStatus] = []
        let keepsStatuses = names.count <= Self.keptAtMost - kept
        try names.keep { entry throws(LayerError) in
            let path = folder.appending(entry.name)
            guard let status = try upper.status(of: path) else { return false }
            let isGone = status.kind == .socket ? true : try upper.isWhiteout(path, status)
            if isGone {
                gone.append(entry.name, status.kind)
            } else if keepsStatuses {
                statuses.append(status)
            }
            return !isGone
        }
        kept += statuses.count
        if isCovered, let below {
            var hidden = FolderListing()
            for entry in try lower.entries(of: below) {
                let name = entry.path.name
                if !names.contains(name), !gone.contains(name) { hidden.append(name, nil) }
            }
            for index in 0..<hidden.count { gone.append(hidden[index].name, nil) }
            gone.sort()
        }
        try recordGone(gone, in: folder, number: number, below: below, isCovered: isCovered)
        open.append(
            OpenFolder(
                path: folder, number: number, below: below, isCovered: isCovered, names: names, statuses: statuses))
    }

    private mutating func recordGone(
        _ gone: FolderListing, in folder: TreePath, number: Int, below: MergedTree.Found?, isCovered: Bool
    ) throws(LayerError) {
        for index in 0..<gone.count {
            let entry = gone[index]
            let path = folder.appending(entry.name)
            let lowerEntry = try below.flatMap { below throws(LayerError) in try lower.child(entry.name, of: below) }
            let isDeletion = lowerEntry != nil && !hidden.contains(path)
            try record(
                OverlayFinding(
                    path: path, presence: entry.kind.map(OverlayFinding.Presence.init) ?? .nothing,
                    verdict: isDeletion ? .deleted : .meaningless, isCovered: isCovered), in: number)
        }
    }

    private mutating func record(_ finding: OverlayFinding, in folder: Int) throws(LayerError) {
        try spool.append { finding.write(to: &$0) }
        count += 1
        if finding.isChange { noteChange(in: folder) }
    }

    /// A folder that leads to a change is written too: some readers make missing parents with other modes, some refuse.
    private mutating func noteChange(in folder: Int) {
        var folder = folder
        while folder >= 0, !leads[folder] {
            leads[folder] = true
            folder = parents[folder]
        }
    }

    private mutating func writtenLinks() -> [Int: OverlayFindings.LinkedName] {
        var written: [Int: OverlayFindings.LinkedName] = [:]
        var folders: [Int] = []
        links.forEachWritten { name, link in
            written[name.finding] = link
            folders.append(name.folder)
        }
        for folder in folders { noteChange(in: folder) }
        return written
    }

    private func finding(for next: Pending) throws(LayerError) -> OverlayFinding {
        guard !Whiteout.isReserved(next.path.name) else { throw .reservedName(next.path) }
        let attributes = try upper.attributes(of: next.path)
        guard !attributes.contains(where: { Whiteout.isReference($0.name) }) else { throw .redirected(next.path) }

        let target = next.status.kind == .symbolicLink ? try upper.linkTarget(of: next.path) : []
        let entry = normaliser.entry(next.path, next.status, attributes: attributes, target: target)
        return OverlayFinding(
            path: next.path, presence: OverlayFinding.Presence(next.status.kind),
            verdict: try verdict(on: next, entry), entry: entry, isCovered: next.isCovered,
            modified: next.status.modified, modifiedBelow: next.below?.status.modified,
            surplus: attributes.filter { !$0.isOverlays && entry?.attributes.contains($0) == false }.map(\.name))
    }

    private func verdict(on next: Pending, _ entry: TarEntry?) throws(LayerError) -> OverlayFinding.Verdict {
        if hidden.contains(next.path) { return .meaningless }
        guard let entry, let below = next.below else { return .added }
        return try isSame(entry, next.status, as: below) ? .same : .modified
    }

    /// True if what lies below is this very entry. A folder's time is not compared.
    ///
    /// Other times are compared to the nanosecond, though a layer has seconds: what a step writes again would else be in
    /// its layer or not, as the second happens to be over or not. A copy that nobody wrote to has the time of its lower.
    private func isSame(
        _ entry: TarEntry, _ status: FileStatus, as below: MergedTree.Found
    ) throws(LayerError) -> Bool {
        let other = below.status
        guard status.kind == other.kind, status.mode == other.mode, status.owner == other.owner,
            status.group == other.group, status.kind == .folder || status.modified == other.modified,
            entry.attributes == normaliser.attributes(try lower.attributes(of: below))
        else { return false }

        switch entry.kind {
        case .folder, .fifo, .hardLink: return true
        case .characterDevice(let number), .blockDevice(let number): return number == other.deviceNumber
        case .symbolicLink(let target): return try target == lower.linkTarget(of: below)
        case .file(let size):
            guard size == other.size else { return false }
            return try upper.open(entry.path).hasSameContents(as: lower.open(below))
        }
    }
}

extension File {
    /// Compares from both files' positions to their ends.
    fileprivate borrowing func hasSameContents(as other: borrowing File) throws(LayerError) -> Bool {
        let size = 1 << 16
        let mine = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        let theirs = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer {
            mine.deallocate()
            theirs.deallocate()
        }
        while true {
            let count = try fill(mine)
            let otherCount = try other.fill(theirs)
            guard count == otherCount, mine[..<count].elementsEqual(theirs[..<count]) else { return false }
            if count < size { return true }
        }
    }

    /// Reads until the buffer is full or the file at its end.
    private borrowing func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count: Int
            do throws(SyscallError) {
                count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            } catch {
                throw .system(error)
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
