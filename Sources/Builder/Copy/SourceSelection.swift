import Frontend
import Linux
import OCI

/// One thing that a COPY copies: an entry of a source with everything below it.
struct SelectedSource: Sendable {
    /// Links followed.
    let entry: SourceEntry
    /// The name it was found under.
    let name: [UInt8]
    /// With `--parents`: which of the paths below the entry are meant.
    let include: IgnorePatterns?
}

/// Turns the paths and patterns of a COPY into entries of a source.
struct SourceSelection {
    let parents: Bool
    /// For errors: what is looked into; `nil` for what was fetched.
    let origin: FileOrigin?

    /// Throws if a path without wildcards names nothing, and if a pattern matches a link to nothing. A pattern may match
    /// nothing: then nothing is copied.
    func select(_ text: String, in tree: some SourceTree, at span: SourceSpan?) throws(BuildError) -> [SelectedSource] {
        guard parents else {
            return try matches(text, in: tree, at: span).map { match throws(BuildError) in
                SelectedSource(entry: match.entry, name: match.name, include: nil)
            }
        }

        let (base, pattern) = Self.pivoted(text)
        if !GlobPattern.hasWildcards(base.utf8), !GlobPattern.hasWildcards(pattern.utf8) {
            try require(TreePath(normalising: "\(base)/\(pattern)"), in: tree, at: span)
            if TreePath(normalising: pattern).isRoot { throw pathless(text, at: span) }
        }
        let include: IgnorePatterns
        do {
            include = try IgnorePatterns([TreePath(normalising: pattern).bytes])
        } catch {
            throw BuildError(error).at(span)
        }
        return try matches(base, in: tree, at: span).map { match throws(BuildError) in
            SelectedSource(entry: match.entry, name: match.name, include: include)
        }
    }

    /// Splits at `/./`: what comes before it is not part of the copy's path.
    private static func pivoted(_ text: String) -> (base: String, pattern: String) {
        let bytes = Array(text.utf8)
        let pivot = Array("/./".utf8)
        for index in bytes.indices where bytes[index...].starts(with: pivot) {
            return (
                String(decoding: bytes[..<index], as: UTF8.self), String(decoding: bytes[(index + 3)...], as: UTF8.self)
            )
        }
        return ("/", text)
    }

    private typealias Match = (entry: SourceEntry, name: [UInt8])

    private func matches(
        _ text: String, in tree: some SourceTree, at span: SourceSpan?
    ) throws(BuildError) -> [Match] {
        let path = TreePath(normalising: text)
        let components = path.components.map { String(decoding: $0, as: UTF8.self) }
        guard let first = components.firstIndex(where: { GlobPattern.hasWildcards($0.utf8) }) else {
            return [try literal(path, in: tree, at: span)]
        }

        let base = try tree.resolve(TreePath(normalising: components[..<first].joined(separator: "/")))
        guard let folder = try tree.entry(at: base), folder.isFolder else { return [] }
        var found: [SourceEntry] = [folder]
        for component in components[first...] {
            let pattern: GlobPattern
            do { pattern = try GlobPattern(component) } catch { throw BuildError(error).at(span) }
            var next: [SourceEntry] = []
            for folder in found where folder.isFolder {
                next += try tree.children(of: folder).filter { pattern.matches($0.path.name) }
            }
            found = next
        }
        var matches: [Match] = []
        for entry in found {
            // No link led here, so only a link is something else than what it is found as.
            guard entry.status.kind == .symbolicLink else {
                matches.append((entry, entry.path.name))
                continue
            }
            guard let followed = try tree.entry(at: try tree.resolve(entry.path)) else {
                throw BuildError(
                    .recipe, "missing-source", "`\(entry.path)` is a link to nothing in \(place)", at: span,
                    hint: "write the pattern so that it does not match the link")
            }
            matches.append((followed, entry.path.name))
        }
        return matches
    }

    private func literal(_ path: TreePath, in tree: some SourceTree, at span: SourceSpan?) throws(BuildError) -> Match {
        let resolved = try tree.resolve(path)
        if let entry = try tree.entry(at: resolved) { return (entry, path.name) }
        throw missing(
            path, at: span,
            hint: try nearest(to: path, in: tree).map { "did you mean `\($0)`?" } ?? origin?.remedy
                ?? "paths are relative to the root of \(place)")
    }

    /// A path whose folders are kept must be there as it is written: the copy follows no link on the way.
    private func require(_ path: TreePath, in tree: some SourceTree, at span: SourceSpan?) throws(BuildError) {
        guard !path.isRoot else { return }
        let resolved = try tree.resolve(path.parent).appending(path.name)
        guard resolved == path else {
            throw missing(path, at: span, hint: "--parents follows no links: name `\(resolved)`")
        }
        if try tree.entry(at: path) == nil { _ = try literal(path, in: tree, at: span) }
    }

    private func pathless(_ text: String, at span: SourceSpan?) -> BuildError {
        BuildError(
            .recipe, "missing-source", "`\(text)` names no path that --parents could keep", at: span,
            hint: "name what lies in it, or use `*`")
    }

    private func missing(_ path: TreePath, at span: SourceSpan?, hint: String) -> BuildError {
        BuildError(.recipe, "missing-source", "`\(path)` is not in \(place)", at: span, hint: hint)
    }

    private var place: String { origin?.place ?? "what was fetched" }

    /// A sibling whose name is much like the one that is missing.
    private func nearest(to path: TreePath, in tree: some SourceTree) throws(BuildError) -> TreePath? {
        guard let folder = try tree.entry(at: try tree.resolve(path.parent)), folder.isFolder else { return nil }
        let names = try tree.children(of: folder).map { String(decoding: $0.path.name, as: UTF8.self) }
        return closest(to: String(decoding: path.name, as: UTF8.self), in: names)
            .map { path.parent.appending(Array($0.utf8)) }
    }
}
