import Layers
import Linux

extension TarReader {
    /// Writes the tar that a file holds, however it is packed, into another file.
    static func unpack(
        _ packed: consuming File, into target: borrowing File, limits: ArchiveLimits
    ) throws(LayerError) -> ArchiveSummary {
        try forEachPart(of: packed, limits: limits) { part throws(LayerError) in
            try LayerError.kernel { () throws(SyscallError) in try target.write(part) }
        }
    }
}
