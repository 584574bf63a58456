package import Linux
import OCI
package import SystemPackage

/// Unpacks a layer into a folder of its own, in the form in which overlayfs wants it.
///
///     blob → decompressed, on a thread → entries → files, whiteouts as devices 0:0, opaque folders as attributes
///
/// Where an entry's parent folder is not in the layer itself it is looked up in the layers below, through whose links
/// entries may lead; a folder that is made for it copies their mode, owner and times, and so does the root.
package struct LayerUnpacker {
    /// What lies under the layer.
    package enum Below {
        /// Nothing: there is nothing to hide, and whiteouts are dropped.
        case nothing
        /// These layers, which are asked for late, if at all: they may still be unpacked meanwhile.
        case layers(() throws(LayerError) -> MergedTree)
    }

    private let below: Below
    private let limits: ArchiveLimits
    private let interruption: Interruption?

    package init(over below: Below, limits: ArchiveLimits = ArchiveLimits(), interruption: Interruption? = nil) {
        self.below = below
        self.limits = limits
        self.interruption = interruption
    }

    /// Unpacks a whole blob into an empty folder. - Returns: what was read; whoever expects a certain layer compares,
    /// and has nothing to do with what is in the folder if it is not the one.
    package func unpack(_ blob: consuming File, into folder: FilePath) throws(LayerError) -> UnpackedArchive {
        let reader = try TarReader(blob, limits: limits, interruption: interruption)
        var placer = try EntryPlacer(in: folder, over: below)
        while let entry = try reader.next() {
            let mark: WhiteoutMark?
            do throws(WhiteoutMark.Fault) { mark = try WhiteoutMark(entry) } catch {
                throw .refused(reader.member, reason: error.reason)
            }
            switch mark {
            case .deletion(let path): try placer.delete(path)
            case .opaque(let path): try placer.hideLower(path)
            case nil: try placer.place(entry, from: reader)
            }
        }
        try placer.finish()
        return UnpackedArchive(summary: try reader.finish(.bare), losses: placer.losses)
    }
}
