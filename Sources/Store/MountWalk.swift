import Glibc
import Linux
import OCI
import SystemPackage

/// Goes through what a cache mount holds: the entries of a folder by the bytes of their names, then what is in its folders.
struct MountWalk: ~Copyable {
    private static let portion = 1 << 18

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: MountWalk.portion, alignment: 64)
    private let isWanted: () -> Bool

    /// `isWanted` is asked again and again; the walk is cancelled once it says no.
    init(while isWanted: @escaping () -> Bool = { true }) { self.isWanted = isWanted }

    deinit { buffer.deallocate() }

    func through(
        _ top: borrowing Folder,
        _ visit: (_ path: [UInt8], _ status: FileStatus, _ name: FilePath, _ folder: borrowing Folder)
            throws(SyscallError) -> Void
    ) throws(SyscallError) {
        var ahead: [FilePath] = [""]
        while let path = ahead.popLast() {
            let folder = try top.openDeep(path.isEmpty ? "." : path)
            let above = path.isEmpty ? [] : path.bytes + [UInt8(ascii: "/")]
            var folders: [FilePath] = []
            for entry in try folder.entries() {
                try goOn()
                let name = entry.path
                guard let status = try folder.status(of: name) else { continue }
                try visit(above + entry.name, status, name, folder)
                if status.kind == .folder { folders.append(path.appending(name.components)) }
            }
            ahead += folders.reversed()
        }
    }

    /// The digest of an entry, its contents included. Times are not in it.
    func digest(of name: FilePath, _ status: FileStatus, in folder: borrowing Folder) throws(SyscallError) -> Digest {
        var hasher = DigestHasher()
        let numbers = [
            Self.number(of: status.kind), UInt64(status.mode), UInt64(status.owner), UInt64(status.group),
            UInt64(status.deviceNumber.major), UInt64(status.deviceNumber.minor),
        ]
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { hasher.update($0) } }
        switch status.kind {
        case .symbolicLink: hasher.update(try folder.linkTarget(of: name))
        case .regular: try add(File(try folder.open(name, O_RDONLY | O_NONBLOCK)), to: &hasher)
        case .folder, .characterDevice, .blockDevice, .fifo, .socket: break
        }
        return hasher.finish()
    }

    private func add(_ file: consuming File, to hasher: inout DigestHasher) throws(SyscallError) {
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { return }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            try goOn()
        }
    }

    private func goOn() throws(SyscallError) {
        guard isWanted() else { throw SyscallError("read", "a cache mount", .canceled) }
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
}
