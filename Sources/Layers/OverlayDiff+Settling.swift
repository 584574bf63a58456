import Linux
import OCI
import SystemPackage

extension OverlayDiff {
    /// All names of a file that has several are written if one is: a layer can link to nothing below it.
    mutating func joinHardLinks() {
        var table = HardlinkTable()
        for (index, finding) in findings.enumerated() where finding.entry != nil && finding.verdict != .meaningless {
            if let status = finding.status { table.add(index, status) }
        }
        for names in table.shared {
            let isNew = names.contains { findings[$0].isChange || !findings[$0].sharesLower(with: findings[names[0]]) }
            guard isNew else { continue }
            for index in names where findings[index].verdict == .same { findings[index].verdict = .modified }
            let first = findings[names[0]].path
            for index in names.dropFirst() {
                findings[index].entry?.kind = .hardLink(target: first)
                findings[index].entry?.attributes = []
            }
        }
    }

    /// A folder that leads to a change is written too: some readers make missing parents with other modes, some refuse.
    mutating func keepParents() {
        var needed: Set<TreePath> = []
        for index in findings.indices.reversed() {
            let path = findings[index].path
            if needed.contains(path), !findings[index].isChange {
                findings[index].verdict = findings[index].below == nil ? .added : .modified
            }
            if findings[index].isChange { needed.insert(path.parent) }
        }
    }

    /// Makes the upper folder show what unpacking the changes over the lower layers would.
    ///
    /// Times become whole seconds, copies that nobody changed go away, so that what lies below shows through, and so do
    /// sockets and stubs.
    package func settle() throws(LayerError) {
        do throws(SyscallError) {
            // Backwards: folders after what they hold, as their own time changes with it.
            for finding in findings.reversed() { try settle(finding, in: upper.folder) }
        } catch {
            throw .system(error)
        }
    }

    private func settle(_ finding: OverlayFinding, in folder: borrowing Folder) throws(SyscallError) {
        guard let status = finding.status else { return }
        let name = finding.path.filePath
        switch finding.verdict {
        case .added, .modified:
            guard let entry = finding.entry else { return }
            for attribute in finding.surplus { try folder.removeAttribute(attribute.name, of: name) }
            let time = FileStatus.Time(seconds: entry.modified)
            if status.kind == .folder || status.modified != time { try folder.setModified(of: name, time) }
        case .same where finding.isCovered:
            try folder.setModified(of: name, finding.below?.modified ?? status.modified)
        case .same, .meaningless:
            try remove(finding, status, in: folder)
        case .deleted:
            guard status.kind == .socket else { return }
            try folder.unlink(name)
            if !finding.isCovered { try folder.makeNode(name, .characterDevice, mode: 0) }
        }
    }

    private func remove(
        _ finding: OverlayFinding, _ status: FileStatus, in folder: borrowing Folder
    ) throws(SyscallError) {
        let name = finding.path.filePath
        guard status.kind == .folder else { return try folder.unlink(name) }
        do throws(SyscallError) {
            try folder.removeFolder(name)
        } catch  where error.errno == .directoryNotEmpty {
            // It holds copies that have to stay, under a folder that hides what is below.
            try folder.setModified(of: name, finding.below?.modified ?? status.modified)
        }
    }
}

extension LayerWriter {
    /// Writes all changes of a step.
    package mutating func write(_ diff: borrowing OverlayDiff) throws(LayerError) {
        for change in diff.changes { try write(change, of: diff) }
    }

    /// Writes one of the changes of a step.
    package mutating func write(_ change: Change, of diff: borrowing OverlayDiff) throws(LayerError) {
        switch change {
        case .deleted(let path): try write(whiteout: path)
        case .added(let entry, _), .modified(let entry, _):
            if case .file = entry.kind {
                try write(entry, contents: diff.upper.open(entry.path))
            } else {
                try write(entry)
            }
        }
    }
}
