/// Cuts bytes into chunks at places that their contents decide: a change moves the cuts around it and no others, so what
/// was sent before need not be sent again.
///
/// A sum runs over the last 64 bytes and more, each of which weighs less the longer ago it was; where its upper bits are
/// zero a chunk ends ("gear hash": Xia and others, FastCDC, USENIX ATC 2016).
package enum ContentChunks {
    /// No chunk but the last is shorter.
    package static let smallest = 2 << 10
    package static let largest = 64 << 10
    /// With so many bits one byte in 4096 ends a chunk.
    private static let mask: UInt64 = ~(.max >> 12)

    /// Numbers without a pattern, the same in every version: other numbers cut in other places (SplitMix64).
    private static let weights: [UInt64] = {
        var state: UInt64 = 0x6C61_7965_7262_6C64
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }()

    /// How long the chunk is that the bytes begin with. What comes behind the end counts as nothing: fewer than
    /// ``largest`` bytes have to be all there are.
    package static func firstLength(in bytes: UnsafeRawBufferPointer) -> Int {
        let end = min(bytes.count, largest)
        guard end > smallest else { return end }
        var sum: UInt64 = 0
        return weights.withUnsafeBufferPointer { weights in
            for index in smallest - 64..<end {
                sum = (sum << 1) &+ weights[Int(bytes[index])]
                if index >= smallest, sum & mask == 0 { return index + 1 }
            }
            return end
        }
    }
}
