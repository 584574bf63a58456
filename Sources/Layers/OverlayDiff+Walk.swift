import Linux
import OCI

/// A name in the upper folder that is still to be judged.
private struct Pending {
    let path: TreePath
    let status: FileStatus
    /// What the name is without the upper folder.
    let below: MergedTree.Found?
    let isCovered: Bool
}

extension OverlayDiff {
    mutating func walk() throws(LayerError) {
        var pending: [Pending] = []
        try list(.root, below: try lower.root(), isCovered: false, into: &pending)
        while let next = pending.popLast() {
            findings.append(try finding(for: next))
            guard next.status.kind == .folder else { continue }
            let below = next.below.flatMap { $0.status.kind == .folder ? $0 : nil }
            let isCovered = next.isCovered ? true : try upper.isOpaque(next.path)
            try list(next.path, below: below, isCovered: isCovered, into: &pending)
        }
    }

    /// Notes what is gone in a folder, and puts what is there on the stack, the first on top.
    private mutating func list(
        _ folder: TreePath, below: MergedTree.Found?, isCovered: Bool, into pending: inout [Pending]
    ) throws(LayerError) {
        var present: [Pending] = []
        var gone: [[UInt8]: FileStatus?] = [:]
        if isCovered, let below { for entry in try lower.entries(of: below) { gone[entry.path.name] = .some(nil) } }

        for name in try upper.names(in: folder) {
            let path = folder.appending(name)
            guard let status = try upper.status(of: path) else { continue }
            let isGone = status.kind == .socket ? true : try upper.isWhiteout(path, status)
            if isGone {
                gone[name] = status
            } else {
                gone[name] = nil
                let lowerEntry = try below.flatMap { below throws(LayerError) in try lower.child(name, of: below) }
                present.append(Pending(path: path, status: status, below: lowerEntry, isCovered: isCovered))
            }
        }
        for (name, status) in gone.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let path = folder.appending(name)
            let lowerEntry = try below.flatMap { below throws(LayerError) in try lower.child(name, of: below) }
            let isDeletion = lowerEntry != nil && !hidden.contains(path)
            findings.append(
                OverlayFinding(
                    path: path, status: status, verdict: isDeletion ? .deleted : .meaningless, isCovered: isCovered))
        }
        pending.append(contentsOf: present.reversed())
    }

    private func finding(for next: Pending) throws(LayerError) -> OverlayFinding {
        guard !Whiteout.isReserved(next.path.name) else { throw .reservedName(next.path) }
        let attributes = try upper.attributes(of: next.path)
        guard !attributes.contains(where: { Whiteout.isReference($0.name) }) else { throw .redirected(next.path) }

        let target = next.status.kind == .symbolicLink ? try upper.linkTarget(of: next.path) : []
        let entry = normaliser.entry(next.path, next.status, attributes: attributes, target: target)
        return OverlayFinding(
            path: next.path, status: next.status, verdict: try verdict(on: next, entry), entry: entry,
            isCovered: next.isCovered,
            surplus: attributes.filter { !$0.isOverlays && entry?.attributes.contains($0) == false },
            below: next.below?.status)
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
