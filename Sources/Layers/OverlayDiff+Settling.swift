import Linux
import OCI
import SystemPackage

extension OverlayDiff {
    /// Makes the upper folder show what unpacking the changes over the lower layers would.
    ///
    /// Times become whole seconds, copies that nobody changed go away, so that what lies below shows through, and so do
    /// sockets and stubs. `isWanted` is asked before each name: once it says no, the folder is left half done.
    package func settle(while isWanted: () -> Bool = { true }) throws(LayerError) {
        var findings = findings.reader()
        // Folders that wait until what they hold is settled, as their own time changes with it.
        var open: [OverlayFinding] = []
        while isWanted(), let finding = try findings.next() {
            while let folder = open.last, !finding.path.isInside(folder.path) { try settle(open.removeLast()) }
            if finding.presence == .folder { open.append(finding) } else { try settle(finding) }
        }
        while let folder = open.popLast() { try settle(folder) }
    }

    private func settle(_ finding: OverlayFinding) throws(LayerError) {
        do throws(SyscallError) { try settle(finding, in: upper.folder) } catch { throw .system(error) }
    }

    private func settle(_ finding: OverlayFinding, in folder: borrowing Folder) throws(SyscallError) {
        guard finding.presence != .nothing else { return }
        let name = finding.path.filePath
        switch finding.verdict {
        case .added, .modified:
            guard let entry = finding.entry else { return }
            for attribute in finding.surplus { try folder.removeAttribute(attribute, of: name) }
            let time = FileStatus.Time(seconds: entry.modified)
            if finding.presence == .folder || finding.modified != time { try folder.setModified(of: name, time) }
        case .same where finding.isCovered:
            try folder.setModified(of: name, finding.modifiedBelow ?? finding.modified)
        case .same, .meaningless:
            try remove(finding, in: folder)
        case .deleted:
            guard finding.presence == .socket else { return }
            try folder.unlink(name)
            if !finding.isCovered { try folder.makeNode(name, .characterDevice, mode: 0) }
        }
    }

    private func remove(_ finding: OverlayFinding, in folder: borrowing Folder) throws(SyscallError) {
        let name = finding.path.filePath
        guard finding.presence == .folder else { return try folder.unlink(name) }
        do throws(SyscallError) {
            try folder.removeFolder(name)
        } catch  where error.errno == .directoryNotEmpty {
            // It holds copies that have to stay, under a folder that hides what is below.
            try folder.setModified(of: name, finding.modifiedBelow ?? finding.modified)
        }
    }
}

extension LayerWriter {
    /// Writes all changes of a step.
    package mutating func write(_ diff: borrowing OverlayDiff) throws(LayerError) {
        var changes = diff.changes
        while let change = try changes.next() {
            switch change {
            case .deleted(let path): try write(whiteout: path)
            case .added(let entry, _), .modified(let entry, _):
                if let contents = try changes.contents(of: change) {
                    try write(entry, contents: contents)
                } else {
                    try write(entry)
                }
            }
        }
    }
}
