import Frontend
import Linux
import OCI
import SystemPackage

/// Looks what the ignore file leaves of the sources of COPY and ADD.
struct ContextSurvey {
    let folder: FilePath
    let patterns: IgnorePatterns

    /// Throws if a file that is part of the context cannot be read, as a build would.
    func states(of sources: [String]) throws(BuildError) -> ExactMap<LintFacts.SourceState> {
        guard !sources.isEmpty else { return [:] }
        let kept = try scan(patterns)
        var states: ExactMap<LintFacts.SourceState> = [:]
        var suspicious: [String] = []
        for source in sources {
            let matches = try Self.matches(of: source, in: kept)
            if try matches.map({ nodes throws(BuildError) in try Self.haveFiles(nodes, of: kept) }) ?? true {
                states[source] = .kept
            } else {
                suspicious.append(source)
            }
        }
        guard !suspicious.isEmpty else { return states }
        // What is ignored may be unreadable, and is then as good as kept: a doubt is no finding.
        guard let all = try? scan(IgnorePatterns()) else { return states }
        for source in suspicious { states[source] = try Self.state(of: source, kept: kept, all: all) }
        return states
    }

    private func scan(_ patterns: IgnorePatterns) throws(BuildError) -> ContextManifest {
        try ContextScanner(patterns: patterns) { _, _ in false }.scan(folder)
    }

    /// The state of a source of which no file is kept.
    private static func state(
        of source: String, kept: ContextManifest, all: ContextManifest
    ) throws(BuildError) -> LintFacts.SourceState {
        let existing = try matches(of: source, in: all) ?? []
        guard !existing.isEmpty else { return .absent }
        guard try matches(of: source, in: kept)?.isEmpty == false else { return .ignored }
        guard try haveFiles(existing, of: all) else { return .kept }
        return TreePath(normalising: source).isRoot ? .ignored : .emptied
    }

    /// What a path or pattern names; `nil` if it leads over a link, which leads who knows where.
    private static func matches(
        of source: String, in manifest: ContextManifest
    ) throws(BuildError) -> [ContextManifest.Node]? {
        var found = [manifest.root]
        for component in TreePath(normalising: source).components {
            guard !found.contains(where: { $0.status.kind == .symbolicLink }) else { return nil }
            var next: [ContextManifest.Node] = []
            if GlobPattern.hasWildcards(component) {
                guard let pattern = try? GlobPattern(component) else { return nil }
                for node in found { next += try manifest.children(of: node).filter { pattern.matches($0.name) } }
            } else {
                for node in found { if let child = try manifest.child(component, of: node) { next.append(child) } }
            }
            found = next
        }
        return found
    }

    /// True if one of the nodes is a file, or has one below it.
    private static func haveFiles(
        _ nodes: [ContextManifest.Node], of manifest: ContextManifest
    ) throws(BuildError) -> Bool {
        for node in nodes {
            if node.status.kind != .folder { return true }
            if try haveFiles(manifest.children(of: node), of: manifest) { return true }
        }
        return false
    }
}
