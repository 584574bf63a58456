import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// The middle of COPY and ADD: decide what goes where, then write it as a layer in one pass.
struct CopyExecutor {
    let frame: StepExecutor
    let step: Step
    let inputs: StepInputs
    /// What the step made before its files changed.
    let earlier: DiffID?

    /// `meanwhile` is called once every file has been read, while the last of them are still compressed.
    func execute(
        _ copy: CopyOperation, meanwhile: () throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        let lower = copy.link ? nil : try frame.tree(inputs.result(step.base))
        let sources = try CopySources(frame, inputs, copy)
        var spool = try ArchiveSpool(in: frame.store.path)
        var entries = try OpenedEntries(
            try plan(copy, sources, over: lower, &spool), of: sources, ahead: frame.settings.filesAhead)
        return try frame.pack(step, over: inputs.result(step.base), resembling: earlier) { writer throws(BuildError) in
            var count = 0
            while let entry = try entries.next() {
                try write(entry, sources, spool, to: &writer)
                // Asking costs as much as a small file does.
                guard count & 63 != 0 || !frame.interruption.isRequested else { throw .interrupted }
                count += 1
            }
            try meanwhile()
        }
    }

    /// Decides what the layer has. The contents of archives go to the spool.
    private func plan(
        _ copy: CopyOperation, _ sources: CopySources, over lower: MergedTree?, _ spool: inout ArchiveSpool
    ) throws(BuildError) -> PlannedChanges {
        var planner = CopyPlanner(
            destination: Destination(lower: lower, keepingPlanIn: frame.store.path),
            owner: try owner(copy, in: lower), mode: copy.mode, excludes: try copy.excludePatterns(),
            now: frame.settings.startedAt)
        try plan(copy, sources, &planner, &spool)
        return try planner.changes(comparing: FileComparison(sources: sources, epoch: frame.settings.layerEpoch))
    }

    private func owner(_ copy: CopyOperation, in lower: MergedTree?) throws(BuildError) -> Ownership? {
        guard let text = copy.owner else { return nil }
        guard let lower, step.base != .scratch else {
            let (owner, unknown) = UserDatabase().ownership(of: text)
            if let name = unknown.first { throw name.error }
            return owner
        }
        let (owner, unknown) = try UserDatabase(of: lower).ownership(of: text)
        for name in unknown { frame.events(.warning(name.warning(at: step.origin))) }
        return owner
    }

    /// Plans every source.
    private func plan(
        _ copy: CopyOperation, _ sources: CopySources, _ planner: inout CopyPlanner, _ spool: inout ArchiveSpool
    ) throws(BuildError) {
        for (index, source) in copy.sources.enumerated() {
            switch source {
            case .inline(let name, let contents):
                try planner.copy(contents, named: Array(name.utf8), to: copy.destination)
            case .path(let path, _, let span):
                do {
                    try plan(path, of: sources.trees[index], index, copy, span, &planner, &spool)
                } catch {
                    throw error.at(span)
                }
            case .git(let address, let span):
                do { try plan(address, of: sources.trees[index], index, copy, &planner) } catch { throw error.at(span) }
            case .web(let address, _, let span):
                do {
                    try plan(address, of: sources.trees[index], index, copy, &planner, &spool)
                } catch {
                    throw error.at(span)
                }
            }
        }
    }

    private func plan(
        _ path: String, of tree: (any SourceTree)?, _ index: Int, _ copy: CopyOperation, _ span: SourceSpan?,
        _ planner: inout CopyPlanner, _ spool: inout ArchiveSpool
    ) throws(BuildError) {
        guard let tree else { return }
        for selected in try copy.selection(of: copy.sources[index]).select(path, in: tree, at: span) {
            if copy.unpack != .never, selected.entry.status.kind == .regular,
                try spool.extract(try tree.open(selected.entry), with: &planner, to: copy.destination)
            {
                continue
            }
            try planner.copy(
                selected.entry, named: selected.name, of: tree, index, to: copy.destination, include: selected.include)
        }
    }

    private func write(
        _ opened: OpenedEntry, _ sources: CopySources, _ spool: borrowing ArchiveSpool,
        to writer: inout LayerWriter
    ) throws(BuildError) {
        var entry = opened.planned.entry
        entry.modified = min(entry.modified, frame.settings.layerEpoch ?? entry.modified)
        switch opened.planned.contents {
        case .none: try fromLayers { () throws(LayerError) in try writer.write(entry) }
        case .bytes(let bytes): try fromLayers { () throws(LayerError) in try writer.write(entry, bytes: bytes) }
        case .spool(let offset): try spool.write(entry, at: offset, to: &writer)
        case .source(let index, let source):
            guard let contents = opened.contents else { return }
            let digest = try fromLayers { () throws(LayerError) in
                try writer.write(entry, contents: contents.file, digest: contents.digest)
            }
            if contents.digest == nil { try sources.trees[index]?.note(digest, of: source) }
        }
    }
}
