import Layers
import OCI

/// Planned entries that came in some other order than that of their paths: several sources, or an archive.
struct PlannedList {
    private var entries: [PlannedEntry] = []
    private var places: [TreePath: Int] = [:]

    /// Takes over what was planned in order.
    init(_ run: consuming PlannedRun) throws(BuildError) {
        var planned = run.finish().reader()
        while let next = try planned.next() { put(next) }
    }

    func planned(at path: TreePath) -> PlannedEntry? { places[path].map { entries[$0] } }

    mutating func put(_ planned: PlannedEntry) {
        if let place = places[planned.entry.path] {
            entries[place] = planned
        } else {
            places[planned.entry.path] = entries.count
            entries.append(planned)
        }
    }

    /// Gives the contents of a file whose name is replaced to the next of its names: that one does not change with it.
    ///
    /// Returns that name, if it has further ones then.
    mutating func handOver(_ file: PlannedEntry) -> TreePath? {
        var heir: TreePath?
        var hasLinks = false
        for index in entries.indices where entries[index].entry.kind == .hardLink(target: file.entry.path) {
            if let heir {
                entries[index].entry.kind = .hardLink(target: heir)
                hasLinks = true
            } else {
                heir = entries[index].entry.path
                entries[index].entry.kind = file.entry.kind
                entries[index].contents = file.contents
            }
        }
        return hasLinks ? heir : nil
    }

    /// Drops what is planned below a path.
    mutating func clear(below path: TreePath) {
        entries.removeAll { $0.entry.path != path && $0.entry.path.isInside(path) }
        places = Dictionary(uniqueKeysWithValues: entries.indices.map { (entries[$0].entry.path, $0) })
    }

    /// Everything that differs from what is there, with the folders above it, in the order of the paths.
    ///
    /// `comparison`: `nil` if nothing is there.
    func changes(_ comparison: LowerComparison?) throws(BuildError) -> [PlannedEntry] {
        var kept = entries
        if var comparison {
            for planned in entries { try comparison.noteFile(planned, planned(at:)) }
            for planned in entries { try comparison.noteLink(planned, planned(at:)) }
            kept = []
            for planned in entries where try !comparison.covers(planned, planned(at:)) { kept.append(planned) }
        }
        var present: Set<TreePath> = []
        for planned in kept where planned.isFolder { present.insert(planned.entry.path) }
        var last = TreePath.root
        for index in kept.indices where !kept[index].entry.path.isBeside(last) {
            last = kept[index].entry.path
            var folder = last.parent
            while !folder.isRoot, !present.contains(folder) {
                var parent = planned(at: folder)
                if parent == nil { parent = try comparison?.folder(at: folder) }
                guard let parent else { break }
                kept.append(parent)
                present.insert(folder)
                folder = folder.parent
            }
        }
        kept.sort { $0.entry.path < $1.entry.path }
        return kept.withLinksAfterFiles()
    }
}

extension [PlannedEntry] {
    /// Makes the first name of a file, in the order of the paths, the one that carries the contents.
    fileprivate func withLinksAfterFiles() -> [PlannedEntry] {
        guard contains(where: { $0.entry.kind.isHardLink }) else { return self }
        var entries = self
        let positions = Dictionary(uniqueKeysWithValues: enumerated().map { ($1.entry.path, $0) })
        var carriers: [TreePath: Int] = [:]
        for index in indices {
            guard case .hardLink(let target) = entries[index].entry.kind, let file = positions[target] else { continue }
            let carrier = carriers[target] ?? file
            if index < carrier {
                let (link, path) = (entries[index].entry.path, entries[carrier].entry.path)
                entries.swapAt(index, carrier)
                entries[index].entry.path = link
                entries[carrier].entry.path = path
                carriers[target] = index
            }
            let holder = entries[carriers[target] ?? file].entry.path
            for other in [index, file] where entries[other].entry.path != holder {
                entries[other].entry.kind = .hardLink(target: holder)
            }
        }
        return entries
    }
}
