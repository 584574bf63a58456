/// The SHA-256 digest of some bytes: their name wherever content is addressed.
///
/// image-spec, descriptor.md: `sha256:` and 64 lower-case hexadecimal digits. Other algorithms are refused.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes as four numbers, big-endian: tens of thousands of digests are kept without memory of their own.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Takes the 32 bytes that a hash function returned.
    package init(sha256 bytes: [UInt8]) {
        func word(_ index: Int) -> UInt64 {
            bytes.dropFirst(8 * index).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            withBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            count = 32
        }
    }

    /// Shows the 32 bytes without making an array of them.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let ordered = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return withUnsafeBytes(of: ordered, body)
    }

    package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        // A digest's bytes are as good as random: one word tells digests apart.
        hasher.combine(words.0)
    }

    /// Reads `sha256:<64 hex digits>`; `nil` for anything else, so that no other text can ever become a path.
    package init?(_ text: some StringProtocol) {
        let prefix = "sha256:"
        guard text.hasPrefix(prefix) else { return nil }
        self.init(hex: text.dropFirst(prefix.count))
    }

    /// Reads the 64 lower-case hexadecimal digits alone.
    package init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.init(sha256: bytes)
    }

    /// The 64 digits, without the algorithm.
    package var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = Self.digit(byte >> 4)
                buffer[2 * index + 1] = Self.digit(byte & 15)
            }
            return 64
        }
    }

    package var description: String { "sha256:\(hex)" }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        default: nil
        }
    }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}
