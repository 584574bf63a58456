import Linux
import OCI

/// A planned entry that is to be written, with the file that its contents are read from.
struct OpenedSource: Sendable {
    let planned: PlannedEntry
    /// `nil` for what is no file of a source.
    let contents: OpenedFile?
    /// The digest of the contents, if it is known already.
    let digest: Digest?
}

/// Who opens the files of what is planned.
struct SourceOpener: EntryOpener {
    var changes: PlannedChanges
    let sources: CopySources

    mutating func next() throws(BuildError) -> OpenedSource? {
        guard let planned = try changes.next() else { return nil }
        guard case .source(let index, let source) = planned.contents, let tree = sources.trees[index] else {
            return OpenedSource(planned: planned, contents: nil, digest: nil)
        }
        let digest = try tree.knownDigest(of: source)
        return OpenedSource(planned: planned, contents: OpenedFile(try tree.open(source)), digest: digest)
    }
}
