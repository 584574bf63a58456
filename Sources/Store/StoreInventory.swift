import OCI
package import SystemPackage

/// Everything that a store holds, with what it takes on the disk and when it was last of use.
///
/// A value that was read once. What to remove is decided on it alone, by ``CollectionPlan``.
package struct StoreInventory: Sendable {
    /// Something that can be removed by itself.
    package struct Item: Hashable, Sendable {
        package let kind: Kind
        package let path: FilePath
        /// In bytes, on the disk.
        package let size: Int64
        /// In seconds since 1970.
        package let used: Int64
    }

    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case blob
        case encodings
        case snapshot
        case record
        case parts
        case slot
        case mount
        /// What another version of the cache left.
        case oldCache = "old cache"
    }

    struct Blob: Sendable {
        let digest: Digest
        let item: Item
    }

    struct Encodings: Sendable {
        let layer: DiffID
        let blobs: [Digest]
        let item: Item
    }

    struct Snapshot: Sendable {
        /// The topmost of its layers; `nil` if nobody noted which they are.
        let layer: DiffID?
        let item: Item
    }

    struct Record: Sendable {
        let key: Digest
        /// The layer that it leads to; `nil` without one.
        let layer: DiffID?
        let item: Item
    }

    /// A file that belongs to a key.
    struct Annex: Sendable {
        let key: Digest?
        let item: Item
    }

    var blobs: [Blob] = []
    var encodings: [Encodings] = []
    var snapshots: [Snapshot] = []
    var records: [Record] = []
    /// Records that nobody can read or whose layer is in no blob.
    var staleRecords: [Item] = []
    var parts: [Annex] = []
    var slots: [Annex] = []
    var mounts: [Item] = []
    var oldCaches: [Item] = []
    /// What names and containers need.
    var holdings = Holdings()

    package internal(set) var usage = StoreUsage()
}
