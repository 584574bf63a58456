import Layers
import Linux
import OCI

/// A change that a command made, with the file that its contents are read from.
struct OpenedChange: Sendable {
    let change: Change
    /// `nil` for what is no file.
    let contents: OpenedFile?
}

/// Who opens the files of what a command changed.
struct ChangeOpener: EntryOpener {
    private var changes: OverlayDiff.Changes

    init(_ diff: OverlayDiff) { changes = diff.changes }

    mutating func next() throws(BuildError) -> OpenedChange? {
        do throws(LayerError) {
            guard let change = try changes.next() else { return nil }
            guard let file = try changes.contents(of: change) else {
                return OpenedChange(change: change, contents: nil)
            }
            return OpenedChange(change: change, contents: OpenedFile(file))
        } catch {
            throw BuildError(error)
        }
    }
}

extension LayerWriter {
    mutating func write(_ opened: OpenedChange) throws(LayerError) {
        switch opened.change {
        case .deleted(let path): try write(whiteout: path)
        case .added(let entry, _), .modified(let entry, _):
            if let contents = opened.contents {
                try write(entry, contents: contents.file)
            } else {
                try write(entry)
            }
        }
    }
}
