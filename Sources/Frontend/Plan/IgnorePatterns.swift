package import OCI

/// Which paths of a folder are left out: the patterns of an ignore file, or those of `--exclude`.
///
/// Patterns are anchored at the folder's root. Each takes out the paths it matches and everything below them; one that
/// begins with `!` brings paths back, and the last that matches decides. That is moby's patternmatcher as BuildKit
/// walks a context with it, corner by corner.
package struct IgnorePatterns: Hashable, Sendable {
    private let patterns: [Pattern]
    private let hasExceptions: Bool

    private struct Pattern: Hashable, Sendable {
        let glob: GlobPattern
        let isException: Bool
    }

    /// What the patterns say about one path, and what must be known of it to judge what lies below.
    package struct Verdict: Hashable, Sendable {
        package let isIgnored: Bool
        fileprivate let matched: [Bool]
    }

    /// What an ignore file says. Lines are trimmed; empty lines and those that begin with `#` say nothing.
    /// - Throws: a diagnostic whose span lies in these bytes, at the pattern that is malformed.
    package init(parsing bytes: [UInt8]) throws(Diagnostic) {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var read: [Pattern] = []
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: .newline) ?? bytes.count
            let line = start..<end
            start = end + 1
            guard bytes[line].first != .hash else { continue }
            let text = bytes.trimmed(line)
            let span = SourceSpan(text.lowerBound, text.upperBound)
            if let pattern = try Self.read(Array(bytes[text]), at: span) { read.append(pattern) }
        }
        self.init(read)
    }

    /// Patterns one by one, as `--exclude` gives them. There a `/` at the beginning stays, and nothing matches it.
    /// - Throws: a diagnostic without a place if one of them is malformed.
    package init(_ patterns: [[UInt8]]) throws(Diagnostic) {
        var read: [Pattern] = []
        for pattern in patterns {
            let text = pattern[pattern.trimmed(0..<pattern.count)]
            guard !text.isEmpty else { continue }
            var path = RecipePath.cleaned(Array(text))
            let isException = path.first == UInt8(ascii: "!")
            if isException { path.removeFirst() }
            guard !path.isEmpty else { throw .malformedPattern("!", at: nil) }
            read.append(try Self.pattern(path, isException: isException, text: text, at: nil))
        }
        self.init(read)
    }

    /// Nothing is left out.
    package init() { self.init([Pattern]()) }

    private init(_ patterns: [Pattern]) {
        self.patterns = patterns
        hasExceptions = patterns.contains(where: \.isException)
    }

    /// One line of an ignore file: cleaned as a path, its first `/` dropped; `nil` if the text says nothing.
    private static func read(_ line: [UInt8], at span: SourceSpan?) throws(Diagnostic) -> Pattern? {
        var text = line[line.trimmed(0..<line.count)]
        guard !text.isEmpty else { return nil }
        let isException = text.first == UInt8(ascii: "!")
        if isException { text = line[line.trimmed(text.startIndex + 1..<text.endIndex)] }
        guard !text.isEmpty else { throw .malformedPattern("!", at: span) }

        var path = RecipePath.cleaned(Array(text))
        if path.count > 1, path.first == UInt8(ascii: "/") { path.removeFirst() }
        return try pattern(path, isException: isException, text: text, at: span)
    }

    private static func pattern(
        _ path: [UInt8], isException: Bool, text: ArraySlice<UInt8>, at span: SourceSpan?
    ) throws(Diagnostic) -> Pattern {
        do {
            return Pattern(glob: try GlobPattern(path, grammar: .tree), isException: isException)
        } catch {
            throw .malformedPattern(String(decoding: text, as: UTF8.self), at: span)
        }
    }

    package var isEmpty: Bool { patterns.isEmpty }

    /// True if the path is left out. The root never is.
    package func matches(_ path: TreePath) -> Bool {
        guard !patterns.isEmpty else { return false }
        var verdict: Verdict?
        var place = TreePath.root
        for component in path.components {
            place = place.appending(component)
            verdict = self.verdict(on: place, below: verdict)
        }
        return verdict?.isIgnored ?? false
    }

    /// The same for somebody who walks a tree: `parent` is the verdict on the folder the path lies in, `nil` if that
    /// is the root.
    package func verdict(on path: TreePath, below parent: Verdict?) -> Verdict {
        let name = GlobPattern.characters(of: path.bytes)
        var matched = [Bool](repeating: false, count: patterns.count)
        var isIgnored = false
        for (index, pattern) in patterns.enumerated() {
            if let parent, parent.matched[index] {
                matched[index] = true
            } else if pattern.isException == isIgnored {
                // A pattern that could change nothing here is not asked; that it then counts as unmatched for what
                // lies below is part of the rules.
                matched[index] = pattern.glob.matches(characters: name)
            }
            if matched[index] { isIgnored = !pattern.isException }
        }
        return Verdict(isIgnored: isIgnored, matched: matched)
    }

    /// True if a `!` pattern may bring back something below the folder, so that one that is left out must be walked
    /// nevertheless.
    package func mayHoldExceptions(below folder: TreePath) -> Bool {
        guard hasExceptions else { return false }
        let start = GlobPattern.characters(of: folder.bytes + [UInt8(ascii: "/")])
        return patterns.contains { $0.isException && $0.glob.mayMatch(beginningWith: start) }
    }

    /// True if these patterns leave nothing of a source of COPY, whatever the context holds.
    ///
    /// With exceptions nobody can say so without looking. The root is left out only by a pattern for everything.
    func excludeAll(of source: String) -> Bool {
        guard !hasExceptions else { return false }
        let path = TreePath(normalising: source)
        guard path == .root else { return matches(path) }
        return patterns.contains { [[.star], [.rest], [.folders, .star]].contains($0.glob.elements) }
    }
}
