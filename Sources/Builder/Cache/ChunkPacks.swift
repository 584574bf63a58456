import Layers
import OCI
import Store

/// Chunks on their way into packs: one that a pack has already is not stored again.
///
/// A pack is some megabytes of chunks, since a registry wants several requests for each blob.
struct ChunkPacks {
    private static let packSize = 8 << 20

    private let store: Store
    /// The packs by their numbers; `nil` for the one that is being filled, which is the last.
    private var packs: [Descriptor?]
    private var places: [Digest: ChunkList.Place]
    private var open: [UInt8] = []

    /// Begins with the chunks that lists name, in packs that are somewhere already.
    init(_ store: Store, knowing lists: [ChunkList] = [], in packs: [Descriptor] = []) {
        self.store = store
        self.packs = packs
        places = [:]
        for chunk in lists.flatMap(\.chunks) { places[chunk.digest] = chunk.place }
    }

    /// Puts a chunk into a pack, unless one has it.
    mutating func add(_ chunk: UnsafeRawBufferPointer) throws(ImageError) -> ChunkList.Chunk {
        var hasher = DigestHasher()
        hasher.update(chunk)
        let digest = hasher.finish()
        if let place = places[digest] { return ChunkList.Chunk(digest: digest, place: place) }
        let frame = try ImageError.layer { () throws(LayerError) in try ChunkFrame.frame(of: chunk) }
        if open.isEmpty { packs.append(nil) }
        let place = ChunkList.Place(pack: packs.count - 1, offset: open.count, length: frame.count)
        open += frame
        places[digest] = place
        if open.count >= Self.packSize { try seal() }
        return ChunkList.Chunk(digest: digest, place: place)
    }

    /// Ends the last pack.
    mutating func seal() throws(ImageError) {
        guard !open.isEmpty else { return }
        let bytes = open
        let digest = try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
        packs[packs.count - 1] = Descriptor(
            mediaType: CacheDocument.packType, digest: digest, size: Int64(bytes.count))
        open = []
    }

    /// The packs that the lists need, and the lists with numbers in these.
    func used(by lists: [ChunkList]) -> (packs: [Descriptor], lists: [ChunkList]) {
        var numbers: [Int: Int] = [:]
        var used: [Descriptor] = []
        for number in Set(lists.flatMap(\.chunks).map(\.place.pack)).sorted() {
            guard let pack = packs[number] else { continue }
            numbers[number] = used.count
            used.append(pack)
        }
        let renumbered = lists.map { list in
            ChunkList(
                list.chunks.map { chunk in
                    var chunk = chunk
                    chunk.place.pack = numbers[chunk.place.pack] ?? 0
                    return chunk
                })
        }
        return (used, renumbered)
    }
}
