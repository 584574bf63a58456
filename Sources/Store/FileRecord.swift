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
        words += [digest.words.0, digest.words.1, digest.words.2, digest.words.3]
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

    /// True if the record that begins at `start` is about exactly this state of this file.
    static func isAbout(_ status: FileStatus, _ words: [UInt64], at start: Int) -> Bool {
        words[start] == status.device && words[start + 1] == status.inode
            && words[start + 2] == UInt64(bitPattern: status.size)
            && words[start + 3] == UInt64(bitPattern: status.modified.seconds)
            && words[start + 4] == UInt64(bitPattern: status.modified.nanoseconds)
            && words[start + 5] == UInt64(bitPattern: status.changed.seconds)
            && words[start + 6] == UInt64(bitPattern: status.changed.nanoseconds)
    }

    /// The digest in the record that begins at `start`.
    static func digest(_ words: [UInt64], at start: Int) -> Digest {
        Digest(words: (words[start + 7], words[start + 8], words[start + 9], words[start + 10]))
    }

    /// Tells a record that was written whole from one that was not.
    static func guardWord(_ words: ArraySlice<UInt64>) -> UInt64 {
        var sum = seed
        for word in words { sum = mixed(sum, word) }
        return sum
    }

    /// True if the record that begins at `start` was written whole.
    static func isWhole(_ words: [UInt64], at start: Int) -> Bool {
        let last = start + wordCount - 1
        return guardWord(words[start..<last]) == words[last]
    }

    /// Where the search for a file begins.
    static func place(device: UInt64, inode: UInt64) -> UInt64 { mixed(mixed(seed, device), inode) }

    private static let seed: UInt64 = 0x6C61_7965_7262_6C64

    private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 29
    }
}
