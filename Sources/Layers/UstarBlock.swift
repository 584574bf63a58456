import OCI

/// The header of a plain file or folder (POSIX ustar), filled in as libarchive fills it in.
///
///     name 100 │ mode 8 │ owner 8 │ group 8 │ size 12 │ time 12 │ sum 8 │ kind 1 │ link 100 │ ustar 8 │
///     names of owner and group 64 │ device 16 │ prefix 155
///
/// Plain means that nothing of it needs a pax record: ASCII names that fit, small numbers, no attributes.
struct UstarBlock {
    private var bytes = Self.template

    /// What is the same in every header: the ends of numbers, the format's name, device 0:0. The sum counts its own
    /// field as eight blanks.
    private static let template: [UInt8] = {
        var block = [UInt8](repeating: 0, count: 512)
        for end in [106, 114, 122, 135, 147, 335, 343] { block[end] = 0x20 }
        block.replaceSubrange(148..<156, with: repeatElement(0x20, count: 8))
        block.replaceSubrange(257..<265, with: "ustar\u{0}00".utf8)
        for number in [329, 337] { block.replaceSubrange(number..<number + 6, with: repeatElement(0x30, count: 6)) }
        return block
    }()

    /// `nil` if the entry is not plain.
    init?(_ entry: TarEntry) {
        guard let kind = Self.kind(entry.kind), entry.attributes.isEmpty, entry.size >= 0, entry.size < 1 << 33,
            entry.owner < 1 << 18, entry.group < 1 << 18, (0..<0x7FFF_FFFF).contains(entry.modified),
            put(entry.path.bytes, isFolder: kind == UInt8(ascii: "5"))
        else { return nil }
        put(UInt64(entry.mode), digits: 6, at: 100)
        put(UInt64(entry.owner), digits: 6, at: 108)
        put(UInt64(entry.group), digits: 6, at: 116)
        put(UInt64(entry.size), digits: 11, at: 124)
        put(UInt64(entry.modified), digits: 11, at: 136)
        bytes[156] = kind
        let sum = bytes.withUnsafeBytes { $0.reduce(0) { $0 &+ UInt64($1) } }
        put(sum, digits: 6, at: 148)
        bytes[154] = 0
    }

    func withBytes(
        _ body: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        try bytes.withUnsafeBufferPointer { bytes throws(LayerError) in try body(UnsafeRawBufferPointer(bytes)) }
    }

    private static func kind(_ kind: TarEntry.Kind) -> UInt8? {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .folder: UInt8(ascii: "5")
        case .symbolicLink, .hardLink, .characterDevice, .blockDevice, .fifo: nil
        }
    }

    /// Puts the path into the name, and what does not fit there into the prefix; false if it does not fit into both.
    private mutating func put(_ path: [UInt8], isFolder: Bool) -> Bool {
        guard !path.isEmpty, path.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
        let slash = UInt8(ascii: "/")
        let length = path.count + (isFolder ? 1 : 0)
        var start = 0
        if length > 100 {
            // As far left as the name allows, but never before the first byte.
            guard let split = path[max(length - 101, 1)...].firstIndex(of: slash), split <= 155 else { return false }
            bytes.replaceSubrange(345..<345 + split, with: path[..<split])
            start = split + 1
        }
        bytes.replaceSubrange(0..<path.count - start, with: path[start...])
        if isFolder { bytes[path.count - start] = slash }
        return true
    }

    private mutating func put(_ number: UInt64, digits: Int, at offset: Int) {
        var rest = number
        for place in stride(from: offset + digits - 1, through: offset, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest & 7)
            rest >>= 3
        }
    }
}
