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

    /// From this size on a file is looked at again once it was read, in bytes.
    private static let longRead: Int64 = 1 << 20

    /// `meanwhile` is called once every file has been read, while the last of them are still compressed.
    func execute(
        _ copy: CopyOperation, meanwhile: () throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        let lower = copy.link ? nil : try frame.tree(inputs.result(step.base))
        let sources = try CopySources(frame, inputs, copy)
        var spool = try ArchiveSpool(in: frame.store.path)
        let opener = SourceOpener(changes: try plan(copy, sources, over: lower, &spool), sources: sources)
        return try frame.pack(
            step, over: inputs.result(step.base), resembling: earlier, meanwhile: meanwhile
        ) { writer throws(BuildError) in
            var entries = try OpenedEntries(by: opener, ahead: frame.settings.filesAhead, for: writer)
            var count = 0
            while let entry = try entries.next() {
                try write(entry, sources, spool, to: &writer)
                // Asking costs as much as a small file does.
                guard count & 63 != 0 || !frame.interruption.isRequested else { throw .interrupted }
                count += 1
            }
        }
    }

    /// Decides what the layer has. The contents of archives go to the spool.
    private func plan(
        _ copy: CopyOperation, _ sources: CopySources, over lower: MergedTree?, _ spool: inout ArchiveSpool
    ) throws(BuildError) -> PlannedChanges {
        let owner = try owner(copy, in: lower)
        let comparison = FileComparison(sources: sources, epoch: frame.settings.layerEpoch)
        let only = try selectionOfOnlySource(copy, sources)
        if let folder = only?.folder, lower?.isWithoutLayers ?? true || !folder.tree.mayHoldHardLinks {
            let planner = try planner(copy, .passingOn(lower: lower), owner)
            return PlannedChanges(try PlannedFlow(planner, folder, to: copy.destination), over: lower, comparison)
        }
        var planner = try planner(copy, Destination(lower: lower, keepingPlanIn: frame.store.path), owner)
        try plan(copy, sources, only, &planner, &spool)
        return try planner.changes(comparing: comparison)
    }

    private func planner(
        _ copy: CopyOperation, _ destination: consuming Destination, _ owner: Ownership?
    ) throws(BuildError) -> CopyPlanner {
        CopyPlanner(
            destination: destination, owner: owner, mode: copy.mode, excludes: try copy.excludePatterns(),
            now: frame.settings.startedAt)
    }

    /// What the source of a step with one source is, if it is a path.
    private struct OnlySource {
        let selected: [SelectedSource]
        let tree: any SourceTree
        let span: SourceSpan?

        /// The folder, if it is a single one: nothing of it has to be known before the first entry is written, but which
        /// of its files have several names. Those may be there already, and then are so under all of them.
        var folder: PlannedFlow.Source? {
            guard selected.count == 1, selected[0].entry.isFolder else { return nil }
            return PlannedFlow.Source(selected: selected[0], tree: tree, span: span)
        }
    }

    private func selectionOfOnlySource(
        _ copy: CopyOperation, _ sources: CopySources
    ) throws(BuildError) -> OnlySource? {
        guard copy.sources.count == 1, case .path(let path, _, let span) = copy.sources[0], let tree = sources.trees[0]
        else { return nil }
        do throws(BuildError) {
            let selected = try copy.selection(of: copy.sources[0]).select(path, in: tree, at: span)
            return OnlySource(selected: selected, tree: tree, span: span)
        } catch {
            throw error.at(span)
        }
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

    /// Plans every source. `only`: what was selected already of a step with one source.
    private func plan(
        _ copy: CopyOperation, _ sources: CopySources, _ only: OnlySource?, _ planner: inout CopyPlanner,
        _ spool: inout ArchiveSpool
    ) throws(BuildError) {
        for (index, source) in copy.sources.enumerated() {
            switch source {
            case .inline(let name, let contents):
                try planner.copy(contents, named: Array(name.utf8), to: copy.destination)
            case .path(let path, _, let span):
                do {
                    guard let tree = sources.trees[index] else { continue }
                    let selected =
                        if let only { only.selected } else {
                            try copy.selection(of: source).select(path, in: tree, at: span)
                        }
                    try plan(selected, of: tree, index, copy, &planner, &spool)
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
        _ selected: [SelectedSource], of tree: any SourceTree, _ index: Int, _ copy: CopyOperation,
        _ planner: inout CopyPlanner, _ spool: inout ArchiveSpool
    ) throws(BuildError) {
        for selected in selected {
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
        _ opened: OpenedSource, _ sources: CopySources, _ spool: borrowing ArchiveSpool,
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
                try writer.write(entry, contents: contents.file, digest: opened.digest)
            }
            // What takes long to read may be written to meanwhile. Asking costs as much as a small file does.
            if source.status.size >= Self.longRead {
                try sources.trees[index]?.requireUnchanged(contents.file, since: source)
            }
            if opened.digest == nil { try sources.trees[index]?.note(digest, of: source) }
        }
    }
}
