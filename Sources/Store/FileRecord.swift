import Linux
import OCI

/// What a file was when its digest was taken, as twelve machine words; the last one guards the others.
///
/// The words are in the machine's own order: the table never leaves it.
struct FileRecord: Hashable, Sendable {
    static let wordCount = 12

    let words: [UInt64]

    init(_ status: FileStatus, _ digest: Digest) {
        var words: [UInt64] = []
        words.reserveCapacity(Self.wordCount)
        words += Self.identity(status)
        for part in 0..<4 {
            words.append(digest.bytes[8 * part..<8 * part + 8].reduce(0) { $0 << 8 | UInt64($1) })
        }
        words.append(Self.guardWord(words[...]))
        self.words = words
    }

    /// The seven words that must all be the same for the file to be the same.
    static func identity(_ status: FileStatus) -> [UInt64] {
        [
            status.device, status.inode, UInt64(bitPattern: status.size), UInt64(bitPattern: status.modified.seconds),
            UInt64(bitPattern: status.modified.nanoseconds), UInt64(bitPattern: status.changed.seconds),
            UInt64(bitPattern: status.changed.nanoseconds),
        ]
    }

    static func digest(_ words: ArraySlice<UInt64>) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in words {
            for shift: UInt64 in [56, 48, 40, 32, 24, 16, 8, 0] {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return Digest(sha256: bytes)
    }

    /// Tells a record that was written whole from one that was not.
    static func guardWord(_ words: ArraySlice<UInt64>) -> UInt64 {
        words.reduce(0x6C61_7965_7262_6C64) { sum, word in
            let mixed = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
            return mixed ^ mixed >> 29
        }
    }
}
