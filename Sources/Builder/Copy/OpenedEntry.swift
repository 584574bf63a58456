import Linux
import OCI

/// An entry that is to be written, with the file that its contents are read from.
struct OpenedEntry: Sendable {
    /// A file that is closed with the last reference.
    final class Contents: Sendable {
        let file: File
        /// The digest, if it is known already.
        let digest: Digest?

        init(_ file: consuming File, digest: Digest?) {
            self.file = file
            self.digest = digest
        }
    }

    let planned: PlannedEntry
    /// `nil` for what is no file of a source.
    let contents: Contents?
}
