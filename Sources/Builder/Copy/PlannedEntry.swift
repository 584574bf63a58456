import Layers
import OCI

/// One entry of the layer that a COPY or ADD makes, and where its contents come from.
struct PlannedEntry: Sendable {
    enum Contents: Sendable {
        /// Not a regular file, or a further name of one.
        case none
        /// A regular file of the source with this number.
        case source(Int, SourceEntry)
        case bytes([UInt8])
        /// Bytes of the spool file, from this offset on.
        case spool(offset: Int64)
    }

    var entry: TarEntry
    var contents: Contents

    var isFolder: Bool {
        if case .folder = entry.kind { true } else { false }
    }
}
