import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

@testable import Builder

/// A context, a file system to copy from and one to copy into, as shell commands make them.
struct CopyBench {
    let images: ImageBench
    let context: ContextTree
    let stage: MergedSourceTree
    var lower: MergedTree
    var owner: Ownership?
    var mode: ModeChange?
    var excludes: IgnorePatterns?
    var parents = false
    var keepsPlanInFile = false

    init(context: String, stage: String = ":", lower: String = ":", ignoring ignore: String = "") throws {
        images = try ImageBench()
        try images.shell("umask 022; mkdir context stage lower")
        for (folder, script) in [("context", context), ("stage", stage), ("lower", lower)] {
            try images.shell("umask 022; cd \(folder) && { \(script)\n}")
        }
        let scanner = ContextScanner(patterns: try IgnorePatterns(parsing: Array(ignore.utf8))) { _, _ in false }
        let manifest = try scanner.scan(images.appending("context"))
        self.context = try ContextTree(manifest, ContentDigests(images.store.files, count: manifest.count))
        self.stage = MergedSourceTree(tree: try MergedTree(layers: [images.appending("stage")]))
        self.lower = try MergedTree(layers: [images.appending("lower")])
    }

    /// The entries of the layer that copying the context's `sources` makes.
    func entries(_ sources: [String], to destination: String) throws(BuildError) -> [PlannedEntry] {
        try entries(sources, of: context, to: destination)
    }

    func entries(
        _ sources: [String], of tree: some SourceTree, from origin: FileOrigin = .context(nil), to destination: String
    ) throws(BuildError) -> [PlannedEntry] {
        var (changes, _) = try changes(of: sources, in: tree, from: origin, to: destination)
        return try changes.all()
    }

    func changes(of sources: [String], to destination: String) throws(BuildError) -> (PlannedChanges, CopySources) {
        try changes(of: sources, in: context, from: .context(nil), to: destination)
    }

    private func changes(
        of sources: [String], in tree: some SourceTree, from origin: FileOrigin, to destination: String
    ) throws(BuildError) -> (PlannedChanges, CopySources) {
        var planner = CopyPlanner(
            destination: Destination(lower: lower, keepingPlanIn: keepsPlanInFile ? images.path : nil), owner: owner,
            mode: mode, excludes: excludes, now: 1_700_000_000)
        let selection = SourceSelection(parents: parents, origin: origin)
        for (index, source) in sources.enumerated() {
            for selected in try selection.select(source, in: tree, at: nil) {
                try planner.copy(
                    selected.entry, named: selected.name, of: tree, index, to: destination, include: selected.include)
            }
        }
        let trees = CopySources(trees: sources.map { _ in tree })
        return (try planner.changes(comparing: FileComparison(sources: trees, epoch: nil)), trees)
    }

    /// The same of one folder of the context, planned while its entries are asked for.
    func flow(_ source: String, to destination: String) throws(BuildError) -> [PlannedEntry] {
        let planner = CopyPlanner(
            destination: .passingOn(lower: lower), owner: owner, mode: mode, excludes: excludes, now: 1_700_000_000)
        let selection = SourceSelection(parents: parents, origin: .context(nil))
        let selected = try selection.select(source, in: context, at: nil)
        let folder = PlannedFlow.Source(selected: selected[0], tree: context, span: nil)
        let comparison = FileComparison(sources: CopySources(trees: [context]), epoch: nil)
        var changes = PlannedChanges(try PlannedFlow(planner, folder, to: destination), over: lower, comparison)
        return try changes.all()
    }

    /// The same, one line for each: `path`, with `/` at a folder's end and `=target` behind a link.
    func copied(_ sources: String..., to destination: String) throws(BuildError) -> [String] {
        try entries(sources, to: destination).map(\.entry.line)
    }
}

extension TarEntry {
    var line: String {
        let name = String(decoding: path.bytes, as: UTF8.self)
        return switch kind {
        case .folder: name + "/"
        case .symbolicLink(let target): "\(name)=\(String(decoding: target, as: UTF8.self))"
        case .hardLink(let target): "\(name)==\(String(decoding: target.bytes, as: UTF8.self))"
        case .file, .characterDevice, .blockDevice, .fifo: name
        }
    }

    /// `path mode owner:group`.
    var metadata: String { "\(line) \(String(mode, radix: 8)) \(owner):\(group)" }
}
