package import Linux
import OCI

/// A record in the form in which this process keeps it for itself: read back by it alone, so never damaged.
package struct RecordBuffer {
    package private(set) var bytes: [UInt8] = []
    private var position = 0

    package init() {}

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    package mutating func put(_ number: UInt64) {
        var rest = number
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small numbers of either sign are few bytes.
    package mutating func put(_ number: Int64) { put(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    package mutating func put(_ text: [UInt8]) {
        put(UInt64(text.count))
        bytes.append(contentsOf: text)
    }

    package mutating func takeUnsigned() -> UInt64 {
        var (number, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let byte = bytes[position]
            position += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
    }

    package mutating func takeSigned() -> Int64 {
        let number = takeUnsigned()
        return Int64(bitPattern: number >> 1) ^ -Int64(number & 1)
    }

    package mutating func takeBytes() -> [UInt8] { Array(takeSlice()) }

    /// The same where it lies.
    package mutating func takeSlice() -> ArraySlice<UInt8> {
        let count = Int(takeUnsigned())
        defer { position += count }
        return bytes[position..<position + count]
    }
}

extension RecordBuffer {
    /// As it lies in memory: it is most of many records, and so is copied and not spelt.
    package mutating func put(_ status: FileStatus) {
        withUnsafeBytes(of: status) { bytes.append(contentsOf: $0) }
    }

    package mutating func takeStatus() -> FileStatus {
        defer { position += MemoryLayout<FileStatus>.size }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: FileStatus.self) }
    }

    mutating func put(_ time: FileStatus.Time) {
        put(time.seconds)
        put(time.nanoseconds)
    }

    mutating func takeTime() -> FileStatus.Time {
        let seconds = takeSigned()
        return FileStatus.Time(seconds: seconds, nanoseconds: takeSigned())
    }

    package mutating func put(_ entry: TarEntry) {
        put(entry.path.bytes)
        put(entry.kind)
        for number in [UInt64(entry.mode), UInt64(entry.owner), UInt64(entry.group)] { put(number) }
        put(entry.modified)
        put(UInt64(entry.attributes.count))
        for attribute in entry.attributes {
            put(attribute.name)
            put(attribute.value)
        }
    }

    package mutating func takeEntry() -> TarEntry {
        let path = TreePath(unchecked: takeBytes())
        let kind = takeKind()
        let mode = UInt16(truncatingIfNeeded: takeUnsigned())
        let owner = UInt32(truncatingIfNeeded: takeUnsigned())
        let group = UInt32(truncatingIfNeeded: takeUnsigned())
        let modified = takeSigned()
        let attributes = (0..<takeUnsigned()).map { _ in
            let name = takeBytes()
            return ExtendedAttribute(name: name, value: takeBytes())
        }
        return TarEntry(
            path, kind, mode: mode, owner: owner, group: group, modified: modified, attributes: attributes)
    }

    private mutating func put(_ kind: TarEntry.Kind) {
        switch kind {
        case .file(let size): put(0, [UInt64(bitPattern: size)])
        case .folder: put(1, [])
        case .symbolicLink(let target):
            put(2, [])
            put(target)
        case .hardLink(let target):
            put(3, [])
            put(target.bytes)
        case .characterDevice(let number): put(4, [UInt64(number.major), UInt64(number.minor)])
        case .blockDevice(let number): put(5, [UInt64(number.major), UInt64(number.minor)])
        case .fifo: put(6, [])
        }
    }

    private mutating func put(_ kind: UInt64, _ numbers: [UInt64]) {
        put(kind)
        for number in numbers { put(number) }
    }

    private mutating func takeKind() -> TarEntry.Kind {
        switch takeUnsigned() {
        case 0: .file(size: Int64(bitPattern: takeUnsigned()))
        case 1: .folder
        case 2: .symbolicLink(target: takeBytes())
        case 3: .hardLink(target: TreePath(unchecked: takeBytes()))
        case 4: .characterDevice(takeDevice())
        case 5: .blockDevice(takeDevice())
        case _: .fifo
        }
    }

    private mutating func takeDevice() -> DeviceNumber {
        let major = UInt32(truncatingIfNeeded: takeUnsigned())
        return DeviceNumber(major: major, minor: UInt32(truncatingIfNeeded: takeUnsigned()))
    }
}
