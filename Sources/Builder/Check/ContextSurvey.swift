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
        let kept = try scan(patterns).root
        var states: ExactMap<LintFacts.SourceState> = [:]
        var suspicious: [String] = []
        for source in sources {
            let matches = Self.matches(of: source, in: kept)
            if matches?.contains(where: Self.holdsFiles) ?? true {
                states[source] = .kept
            } else {
                suspicious.append(source)
            }
        }
        guard !suspicious.isEmpty else { return states }
        // What is ignored may be unreadable, and is then as good as kept: a doubt is no finding.
        guard let all = try? scan(IgnorePatterns()).root else { return states }
        for source in suspicious { states[source] = Self.state(of: source, kept: kept, all: all) }
        return states
    }

    private func scan(_ patterns: IgnorePatterns) throws(BuildError) -> ContextManifest {
        try ContextScanner(patterns: patterns) { _, _ in false }.scan(folder)
    }

    /// The state of a source of which no file is kept.
    private static func state(
        of source: String, kept: ContextManifest.Node, all: ContextManifest.Node
    ) -> LintFacts.SourceState {
        let existing = matches(of: source, in: all) ?? []
        guard !existing.isEmpty else { return .absent }
        guard matches(of: source, in: kept)?.isEmpty == false else { return .ignored }
        guard existing.contains(where: holdsFiles) else { return .kept }
        return TreePath(normalising: source).isRoot ? .ignored : .emptied
    }

    /// What a path or pattern names; `nil` if it leads over a link, which leads who knows where.
    private static func matches(of source: String, in root: ContextManifest.Node) -> [ContextManifest.Node]? {
        var found = [root]
        for component in TreePath(normalising: source).components {
            guard !found.contains(where: { $0.status.kind == .symbolicLink }) else { return nil }
            if GlobPattern.hasWildcards(component) {
                guard let pattern = try? GlobPattern(component) else { return nil }
                found = found.flatMap { $0.children.filter { pattern.matches($0.name) } }
            } else {
                found = found.compactMap { $0.child(component) }
            }
        }
        return found
    }

    private static func holdsFiles(_ node: ContextManifest.Node) -> Bool {
        node.status.kind != .folder || node.children.contains(where: holdsFiles)
    }
}
