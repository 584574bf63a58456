import Layers
import OCI

/// What a cache mount is made of, as bytes: 44 for each chunk, in order.
///
///     "lbchunk1" │ digest (32) pack (4) offset (4) length (4) │ …        numbers with the lowest byte first
struct ChunkList: Hashable, Sendable {
    /// Where a chunk's frame lies: in which of the document's packs, from which byte on, and how long it is.
    struct Place: Hashable, Sendable {
        var pack: Int
        let offset: Int
        let length: Int
    }

    struct Chunk: Hashable, Sendable {
        let digest: Digest
        var place: Place
    }

    static let mediaType = MediaType(rawValue: "application/vnd.layerbuild.chunk-list.v1")
    private static let magic = Array("lbchunk1".utf8)
    private static let entrySize = 44
    /// More a list may not have: 1.4 million chunks, some 14 GB.
    static let limit: Int64 = 64 << 20

    var chunks: [Chunk] = []

    /// `nil` for anything but a list whose chunks lie in `packs`.
    init?(parsing bytes: [UInt8], packs: [Descriptor]) {
        guard bytes.starts(with: Self.magic), (bytes.count - Self.magic.count).isMultiple(of: Self.entrySize) else {
            return nil
        }
        for start in stride(from: Self.magic.count, to: bytes.count, by: Self.entrySize) {
            let digest = Digest(sha256: Array(bytes[start..<start + 32]))
            let numbers = (0..<3).map { Self.number(bytes[(start + 32 + 4 * $0)...]) }
            let place = Place(pack: numbers[0], offset: numbers[1], length: numbers[2])
            guard place.pack < packs.count, place.length > 0, place.length <= 2 * ContentChunks.largest,
                Int64(place.offset) + Int64(place.length) <= packs[place.pack].size
            else { return nil }
            chunks.append(Chunk(digest: digest, place: place))
        }
    }

    init(_ chunks: [Chunk]) { self.chunks = chunks }

    func serialised() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.magic.count + chunks.count * Self.entrySize)
        for chunk in chunks {
            bytes += chunk.digest.bytes
            for number in [chunk.place.pack, chunk.place.offset, chunk.place.length] {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { bytes += $0 }
            }
        }
        return bytes
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
