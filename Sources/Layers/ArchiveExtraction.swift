package import Linux
import OCI
package import SystemPackage

/// Lays an archive out as plain files in a folder, as `tar x` does, and never outside of it.
///
/// Whatever stands in the way of an entry is replaced. Links in the archive are followed inside the folder alone.
package struct ArchiveExtraction {
    private let limits: ArchiveLimits
    private let interruption: Interruption?

    package init(limits: ArchiveLimits = ArchiveLimits(), interruption: Interruption? = nil) {
        self.limits = limits
        self.interruption = interruption
    }

    /// Names that stand for deletions in layers are refused: no layer could hold what comes out.
    package func extract(_ archive: consuming File, into folder: FilePath) throws(LayerError) -> UnpackedArchive {
        let reader = try TarReader(archive, limits: limits, interruption: interruption)
        var placer = try EntryPlacer(in: folder)
        while let entry = try reader.next() {
            guard !entry.path.components.contains(where: { Whiteout.isReserved($0) }) else {
                throw .reservedName(entry.path)
            }
            try placer.place(entry, from: reader)
        }
        try placer.finish()
        return UnpackedArchive(summary: try reader.finish(), losses: placer.losses)
    }
}
