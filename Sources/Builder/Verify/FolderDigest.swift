import Glibc
import Linux
import OCI
import SystemPackage

/// Names what is in a folder: names, kinds, modes, owners, times, links, attributes, and every byte.
struct FolderDigest: ~Copyable {
    private static let portion = 1 << 20

    private var hasher = DigestHasher()

    static func of(_ path: FilePath) throws(SyscallError) -> Digest {
        var digest = FolderDigest()
        let top = try Folder(opening: path)
        digest.add(".", try top.status(), try top.attributes(of: "."))
        var ahead: [FilePath] = [""]
        while let path = ahead.popLast() {
            let folder = try top.openDeep(path.isEmpty ? "." : path)
            for entry in try folder.entries() {
                guard let status = try folder.status(of: entry.path) else { continue }
                let inside = path.appending(entry.path.components)
                digest.add(inside, status, try folder.attributes(of: entry.path))
                switch status.kind {
                case .folder: ahead.append(inside)
                case .symbolicLink: digest.hasher.updateFramed(try folder.linkTarget(of: entry.path))
                case .regular: try digest.add(File(try folder.open(entry.path, O_RDONLY | O_NONBLOCK)))
                case .characterDevice, .blockDevice, .fifo, .socket: break
                }
            }
        }
        return digest.hasher.next()
    }

    private mutating func add(_ path: FilePath, _ status: FileStatus, _ attributes: [ExtendedAttribute]) {
        hasher.updateFramed(path.bytes)
        let size = status.kind == .regular ? UInt64(bitPattern: status.size) : 0
        let numbers = [
            Self.number(of: status.kind), UInt64(status.mode), UInt64(status.owner), UInt64(status.group), size,
            UInt64(bitPattern: status.modified.seconds), UInt64(bitPattern: status.modified.nanoseconds),
            UInt64(status.deviceNumber.major) << 32 | UInt64(status.deviceNumber.minor), UInt64(attributes.count),
        ]
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { hasher.update($0) } }
        for attribute in attributes {
            hasher.updateFramed(attribute.name)
            hasher.updateFramed(attribute.value)
        }
    }

    private static func number(of kind: FileKind) -> UInt64 {
        switch kind {
        case .regular: 0
        case .folder: 1
        case .symbolicLink: 2
        case .characterDevice: 3
        case .blockDevice: 4
        case .fifo: 5
        case .socket: 6
        }
    }

    private mutating func add(_ file: consuming File) throws(SyscallError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.portion, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { return }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
