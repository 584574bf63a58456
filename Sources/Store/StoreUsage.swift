/// What the store takes on the disk, in bytes, by kind.
package struct StoreUsage: Hashable, Sendable {
    /// The kinds in the order in which they are listed.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Manifests, configurations and layers, with the notes of which blob encodes which layer.
        case blobs
        /// Unpacked layers.
        case snapshots
        /// What steps produced, and from what.
        case cache
        /// What cache mounts hold.
        case mounts
        /// What kept containers changed.
        case containers
        /// Work in progress.
        case scratch = "tmp"
        /// Names, tables of files, and the store's own folder.
        case other
    }

    /// One kind: how many there are, and what they take.
    package struct Part: Hashable, Sendable {
        package var count = 0
        package var size: Int64 = 0
    }

    private var parts: [Kind: Part] = [:]

    package subscript(kind: Kind) -> Part {
        get { parts[kind, default: Part()] }
        set { parts[kind] = newValue }
    }

    /// What `du -s --block-size=1` says of the folder.
    package var total: Int64 { parts.values.reduce(0) { $0 + $1.size } }
}
