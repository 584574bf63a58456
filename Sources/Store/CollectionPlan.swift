import OCI
import SystemPackage

/// What is to be removed from a store, decided on its inventory.
package struct CollectionPlan: Sendable {
    /// In the order in which it has to go: what leads to something before what it leads to.
    package let removals: [StoreInventory.Item]
    /// What the store takes before, in bytes.
    package let sizeBefore: Int64

    /// What will be free, in bytes.
    package var freed: Int64 { removals.reduce(0) { $0 + $1.size } }
    package var sizeAfter: Int64 { sizeBefore - freed }

    package init(_ inventory: StoreInventory, _ policy: RetentionPolicy) {
        let choice = CollectionChoice(inventory)
        let dispensable = choice.candidates
        let old = policy.unusedSince.map { since in dispensable.prefix { $0.used < since }.count } ?? 0
        var count = old
        sizeBefore = inventory.usage.total
        if let limit = policy.maximumSize {
            // The more goes, the less is left: the smallest number that suffices, or all.
            var most = dispensable.count
            while count < most {
                let middle = (count + most) / 2
                let freed = choice.removals(dispensable.prefix(middle)).reduce(0) { $0 + $1.size }
                if sizeBefore - freed <= limit { most = middle } else { count = middle + 1 }
            }
        }
        removals = choice.removals(dispensable.prefix(count))
    }
}

/// Works out what goes with what.
private struct CollectionChoice {
    private let inventory: StoreInventory
    private let blobsOfLayer: [DiffID: [Digest]]
    private let presentBlobs: Set<Digest>
    /// What can be made again, the longest unused first.
    let candidates: [StoreInventory.Item]

    init(_ inventory: StoreInventory) {
        self.inventory = inventory
        blobsOfLayer = Dictionary(inventory.encodings.map { ($0.layer, $0.blobs) }, uniquingKeysWith: { $1 })
        presentBlobs = Set(inventory.blobs.map(\.digest))
        let held = inventory.holdings
        let others = Set(
            held.layers.flatMap { [blobsOfLayer] layer in blobsOfLayer[layer] ?? [] }.filter {
                !held.blobs.contains($0)
            })
        let encodings = inventory.blobs.filter { others.contains($0.digest) }.map(\.item)
        let all = inventory.records.map(\.item) + inventory.snapshots.map(\.item) + inventory.mounts + encodings
        candidates = all.sorted { ($0.used, $0.path.string) < ($1.used, $1.path.string) }
    }

    /// What goes if these go: they, what only they needed, and what nothing needs anyway.
    func removals(_ gone: some Sequence<StoreInventory.Item>) -> [StoreInventory.Item] {
        let gone = Set(gone.map(\.path))
        let records = inventory.records.filter { !gone.contains($0.item.path) && leadsSomewhere($0) }
        let keys = Set(records.map(\.key))
        let recorded = Set(records.compactMap(\.layer))
        let layers = recorded.union(inventory.holdings.layers)
        let recordedBlobs = Set(recorded.flatMap { blobsOfLayer[$0] ?? [] })
        let heldBlobs = Set(inventory.holdings.layers.flatMap { blobsOfLayer[$0] ?? [] })

        var removals = inventory.slots.filter { slot in slot.key.map { !keys.contains($0) } ?? true }.map(\.item)
        removals += inventory.records.filter { !keys.contains($0.key) }.map(\.item) + inventory.staleRecords
        removals += inventory.parts.filter { part in part.key.map { !keys.contains($0) } ?? true }.map(\.item)
        removals += inventory.oldCaches
        removals += inventory.encodings.filter { !layers.contains($0.layer) }.map(\.item)
        removals += inventory.snapshots.filter { snapshot in
            gone.contains(snapshot.item.path) || !(snapshot.layer.map(layers.contains) ?? false)
        }
        .map(\.item)
        removals += inventory.mounts.filter { gone.contains($0.path) }
        removals += inventory.blobs.filter { blob in
            if inventory.holdings.blobs.contains(blob.digest) || recordedBlobs.contains(blob.digest) { return false }
            return !heldBlobs.contains(blob.digest) || gone.contains(blob.item.path)
        }
        .map(\.item)
        return removals
    }

    /// False for a record whose layer is in no blob any more.
    private func leadsSomewhere(_ record: StoreInventory.Record) -> Bool {
        guard let layer = record.layer else { return true }
        return (blobsOfLayer[layer] ?? []).contains(where: presentBlobs.contains)
    }
}
