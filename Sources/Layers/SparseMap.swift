/// Where the stored bytes of a sparse file belong.
struct SparseMap {
    struct Extent: Hashable {
        let offset: Int64
        let length: Int64
    }

    /// In ascending order, none overlapping another, none empty.
    let extents: [Extent]
    /// Of the file with its holes.
    let size: Int64

    /// `nil` if the extents overlap, run backwards or beyond the size, or are not as long together as what is stored.
    init?(_ extents: [Extent], size: Int64, stored: Int64) {
        var end: Int64 = 0
        var total: Int64 = 0
        for extent in extents {
            guard extent.offset >= end, extent.length >= 0 else { return nil }
            let (next, overflow) = extent.offset.addingReportingOverflow(extent.length)
            guard !overflow, next <= size else { return nil }
            end = next
            total += extent.length
        }
        guard total == stored, size >= 0 else { return nil }
        self.extents = extents.filter { $0.length > 0 }
        self.size = size
    }

    /// A file without holes.
    init(size: Int64) {
        extents = size > 0 ? [Extent(offset: 0, length: size)] : []
        self.size = size
    }
}
