import OCI

/// A digest of the store's `index.json` within it: where it fits, nobody but us wrote the file, and no bit of it flipped.
///
/// It stands in an annotation, so that the file remains an OCI layout's that other tools read and add to. What they wrote
/// carries no fitting seal, which is no damage, but nothing tells it from damage either.
enum IndexSeal {
    /// What there is to say of an index.
    enum State: Hashable {
        case intact
        case foreign
    }

    static func state(of index: ImageIndex) -> State {
        index.annotations[Annotation.check] == check(index) ? .intact : .foreign
    }

    static func seal(_ index: ImageIndex) -> ImageIndex {
        var sealed = index
        sealed.annotations[Annotation.check] = check(index)
        return sealed
    }

    /// More bytes than this are not tried, for each bit costs a reading of all of them.
    private static let triedLength = 8 << 10

    /// The bytes with the one bit turned back without which the seal fits; `nil` if there is none.
    static func turnedBack(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count <= triedLength else { return nil }
        var candidate = bytes
        for place in bytes.indices {
            for bit in 0..<8 {
                candidate[place] = bytes[place] ^ 1 << UInt8(bit)
                guard let index = try? ImageIndex(parsing: candidate), state(of: index) == .intact,
                    index.serialised() == candidate
                else { continue }
                return candidate
            }
            candidate[place] = bytes[place]
        }
        return nil
    }

    private static func check(_ index: ImageIndex) -> String {
        var bare = index
        bare.annotations[Annotation.check] = nil
        return String(Digest.of(bare.serialised()).hex.prefix(16))
    }
}
