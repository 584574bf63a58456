import Glibc
import Linux
import OCI
import SystemPackage

/// What a cache mount held when nobody had it: of each path a digest of its kind, mode, owner, group and contents.
///
///     <digest, 64 digits> <path, bytes> NUL    each entry, sorted by path
///     <digest of all of that, 64 digits>
///
/// Times are not in it: a copy of a store has others, and a file with the same contents is the same cache.
struct MountListing: Equatable {
    private static let digits = 64

    let entries: [[UInt8]: Digest]

    /// Reads everything below a folder.
    static func of(_ top: borrowing Folder) throws(SyscallError) -> MountListing {
        var entries: [[UInt8]: Digest] = [:]
        var ahead: [FilePath] = [""]
        while let path = ahead.popLast() {
            let folder = try top.openDeep(path.isEmpty ? "." : path)
            for entry in try folder.entries() {
                guard let status = try folder.status(of: entry.path) else { continue }
                let inside = path.appending(entry.path.components)
                entries[inside.bytes] = try digest(of: entry.path, status, in: folder)
                if status.kind == .folder { ahead.append(inside) }
            }
        }
        return MountListing(entries: entries)
    }

    private static func digest(
        of name: FilePath, _ status: FileStatus, in folder: borrowing Folder
    ) throws(SyscallError) -> Digest {
        var hasher = DigestHasher()
        let device = "\(status.deviceNumber.major):\(status.deviceNumber.minor)"
        hasher.updateFramed(Array("\(status.kind) \(status.mode) \(status.owner) \(status.group) \(device)".utf8))
        switch status.kind {
        case .symbolicLink: hasher.updateFramed(try folder.linkTarget(of: name))
        case .regular:
            hasher.update(try File(try folder.open(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)).contentsDigest())
        case .folder, .characterDevice, .blockDevice, .fifo, .socket: break
        }
        return hasher.finish()
    }

    init(entries: [[UInt8]: Digest]) { self.entries = entries }

    /// `nil` if the bytes are not what ``serialised()`` wrote.
    init?(parsing bytes: [UInt8]) {
        let body = Array(bytes.dropLast(Self.digits))
        guard Array(Digest.of(body).hex.utf8) == Array(bytes.suffix(Self.digits)) else { return nil }
        var entries: [[UInt8]: Digest] = [:]
        for line in body.split(separator: 0) {
            let text = String(decoding: line.prefix(Self.digits), as: UTF8.self)
            guard let digest = Digest(hex: text), line.count > Self.digits + 1 else { return nil }
            entries[Array(line.dropFirst(Self.digits + 1))] = digest
        }
        self.entries = entries
    }

    func serialised() -> [UInt8] {
        var bytes: [UInt8] = []
        for (path, digest) in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            bytes += Array("\(digest.hex) ".utf8) + path + [0]
        }
        return bytes + Array(Digest.of(bytes).hex.utf8)
    }

    /// The paths that are not now what they were, sorted.
    func differences(from now: MountListing) -> [FilePath] {
        Set(entries.keys).union(now.entries.keys).filter { entries[$0] != now.entries[$0] }
            .sorted { $0.lexicographicallyPrecedes($1) }.map { FilePath(bytes: $0) }
    }
}
