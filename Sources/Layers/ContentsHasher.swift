import Linux
import OCI

/// Names the entries of a layer without their times.
///
/// Of every entry, framed by lengths: path, kind, mode, owner, group, link target or device, attributes; for a file the
/// digest of its contents follows.
struct ContentsHasher: ~Copyable {
    private var hasher = DigestHasher()
    private var scratch: [UInt8] = []

    mutating func add(_ entry: TarEntry) {
        scratch.removeAll(keepingCapacity: true)
        add(entry.path.bytes)
        switch entry.kind {
        case .file(let size): add(0, UInt64(bitPattern: size))
        case .folder: add(1, 0)
        case .symbolicLink(let target):
            add(2, 0)
            add(target)
        case .hardLink(let target):
            add(3, 0)
            add(target.bytes)
        case .characterDevice(let number): add(4, UInt64(number.major) << 32 | UInt64(number.minor))
        case .blockDevice(let number): add(5, UInt64(number.major) << 32 | UInt64(number.minor))
        case .fifo: add(6, 0)
        }
        add(UInt64(entry.mode))
        add(UInt64(entry.owner) << 32 | UInt64(entry.group))
        add(UInt64(entry.attributes.count))
        for attribute in entry.attributes {
            add(attribute.name)
            add(attribute.value)
        }
        hasher.update(scratch)
    }

    mutating func add(contents digest: Digest) { hasher.update(digest) }

    consuming func finish() -> Digest { hasher.finish() }

    private mutating func add(_ kind: UInt64, _ number: UInt64) {
        add(kind)
        add(number)
    }

    private mutating func add(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { scratch.append(contentsOf: $0) }
    }

    private mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        scratch.append(contentsOf: bytes)
    }
}
