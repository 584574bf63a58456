/// What generated files are filled with: slices of a supply of text and of one that cannot be compressed.
package struct Filler: Sendable {
    /// How a file's content compresses.
    package enum Texture: Hashable, Sendable {
        case text
        case noise
    }

    /// The length of each supply; no slice is longer.
    package static let supply = 4 << 20

    private let text: [UInt8]
    private let noise: [UInt8]

    package init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        noise = Self.noise(Self.supply, from: &generator)
        text = Self.text(Self.supply, from: &generator)
    }

    /// `count` bytes that begin at `offset`; both together reach no further than the supply.
    package func slice(_ texture: Texture, at offset: Int, count: Int) -> ArraySlice<UInt8> {
        switch texture {
        case .text: text[offset..<offset + count]
        case .noise: noise[offset..<offset + count]
        }
    }

    /// Bytes without any order.
    package static func noise(_ count: Int, from generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Words of a small language in phrases that come back, as in source code: the early ones more often.
    package static func text(_ count: Int, from generator: inout SeededGenerator) -> [UInt8] {
        let words = (0..<4000).map { rank in
            (0..<2 + generator.number(below: 3 + rank / 500)).map { _ in
                UInt8(ascii: "a") + UInt8(generator.number(below: 26))
            }
        }
        let phrases = (0..<3000).map { _ in
            (0..<3 + generator.number(below: 8)).flatMap { _ in choice(words, from: &generator) + [UInt8(ascii: " ")] }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 128)
        while bytes.count < count {
            let isPhrase = generator.number(below: 2) == 0
            bytes.append(contentsOf: choice(isPhrase ? phrases : words, from: &generator))
            bytes.append(isPhrase ? UInt8(ascii: "\n") : UInt8(ascii: " "))
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func choice(_ parts: [[UInt8]], from generator: inout SeededGenerator) -> [UInt8] {
        let share = generator.fraction()
        return parts[Int(share * share * share * Double(parts.count))]
    }
}
