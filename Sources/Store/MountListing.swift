import Linux
import OCI
import SystemPackage

/// What a cache mount held when nobody had it: of each path a digest of its kind, mode, owner, group and contents.
///
///     <digest, 32 bytes> <state, 8 bytes> <path, bytes> NUL    each entry, in the order of ``precedes(_:_:)``
///     <digest of all of that, 32 bytes>
///
/// The state tells a file that was changed since from one that was not. It decides nothing but which files are read again
/// for the next listing: a copy of a store has others, and a file with the same contents is the same cache.
struct MountListing: Sendable {
    struct Entry: Hashable, Sendable {
        let path: [UInt8]
        let digest: Digest
        let state: UInt64

        func append(to bytes: inout [UInt8]) {
            digest.withBytes { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: state.littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: path)
            bytes.append(0)
        }
    }

    /// No listing that is read is longer: ten million files.
    static let limit = 1 << 30

    private static let digestLength = 32
    private static let pathStart = 40

    /// Without the digest at the end.
    private let body: ArraySlice<UInt8>

    /// `nil` if the bytes are not what a ``MountListingWriter`` wrote.
    init?(parsing bytes: [UInt8]) {
        body = bytes.dropLast(Self.digestLength)
        var hasher = DigestHasher()
        body.withUnsafeBytes { hasher.update($0) }
        guard hasher.finish() == Digest(sha256: Array(bytes.suffix(Self.digestLength))),
            bytes.count >= Self.digestLength
        else { return nil }
    }

    /// The state of a file as it is now: device, inode, size and times.
    static func state(of status: FileStatus) -> UInt64 { FileRecord.guardWord(FileRecord.identity(status)[...]) }

    /// The entries one by one.
    struct Cursor {
        private var rest: ArraySlice<UInt8>
        private(set) var next: Entry?

        init(_ listing: MountListing) {
            rest = listing.body
            advance()
        }

        mutating func advance() {
            next = nil
            let path = rest.dropFirst(MountListing.pathStart)
            guard let end = path.firstIndex(of: 0) else { return }
            let state = rest.dropFirst(MountListing.digestLength).prefix(8)
                .reversed().reduce(0) { $0 << 8 | UInt64($1) }
            next = Entry(
                path: Array(path[..<end]), digest: Digest(sha256: Array(rest.prefix(MountListing.digestLength))),
                state: state)
            rest = rest[(end + 1)...]
        }

        /// Passes over what precedes a path, telling of each. Returns the entry of the path, if there is one.
        mutating func entry(at path: [UInt8], passing: (Entry) -> Void = { _ in }) -> Entry? {
            while let entry = next {
                if entry.path == path {
                    advance()
                    return entry
                }
                guard MountListing.precedes(entry.path, path) else { return nil }
                passing(entry)
                advance()
            }
            return nil
        }
    }

    /// The order in which a ``MountWalk`` goes: what is in a folder by the bytes of the names, and only then what is in
    /// its folders.
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let slash = UInt8(ascii: "/")
        let shorter = min(left.count, right.count)
        let same = (0..<shorter).first { left[$0] != right[$0] } ?? shorter
        // Where the names begin that are the first to differ.
        let start = left[..<same].lastIndex(of: slash).map { $0 + 1 } ?? 0
        let (one, other) = (left[start...], right[start...])
        let (oneEnd, otherEnd) = (one.firstIndex(of: slash), other.firstIndex(of: slash))
        guard (oneEnd == nil) == (otherEnd == nil) else { return oneEnd == nil }
        return one[..<(oneEnd ?? one.endIndex)].lexicographicallyPrecedes(other[..<(otherEnd ?? other.endIndex)])
    }
}
