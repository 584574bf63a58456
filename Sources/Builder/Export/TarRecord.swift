import OCI

/// The blocks before and after a member of an archive that we write (POSIX ustar, with a PAX record for 8 GiB and more).
enum TarRecord {
    /// What a header takes, but for one of 8 GiB and more.
    static let headerSize: Int64 = 512

    /// The header of a regular file of `size` bytes, or of a folder. The names of a layout have less than 100 bytes.
    static func header(_ name: TreePath, size: Int64?) -> [UInt8] {
        guard let size else { return block(name.bytes + [UInt8(ascii: "/")], type: "5", mode: 0o755, size: 0) }
        guard size >= 1 << 33 else { return block(name.bytes, type: "0", mode: 0o644, size: size) }
        let record = paxRecord("size", "\(size)")
        return block(
            Array("PaxHeaders/".utf8) + name.name.prefix(80), type: "x", mode: 0o644, size: Int64(record.count))
            + record + [UInt8](repeating: 0, count: Int(padding(after: Int64(record.count))))
            + block(name.bytes, type: "0", mode: 0o644, size: 0)
    }

    /// How many zeros bring contents to full blocks.
    static func padding(after size: Int64) -> Int64 { (512 - size % 512) % 512 }

    static func zeros(after size: Int64) -> [UInt8] { [UInt8](repeating: 0, count: Int(padding(after: size))) }

    private static func block(_ name: [UInt8], type: Unicode.Scalar, mode: Int64, size: Int64) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        put(name.prefix(100), at: 0)
        put(octal(mode, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        block[156] = UInt8(ascii: type)
        put("ustar\u{0}00".utf8, at: 257)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0, UInt8(ascii: " ")], at: 148)
        return block
    }

    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array(repeating: UInt8(ascii: "0"), count: max(0, digits - text.utf8.count)) + text.utf8
    }

    /// `<length> <key>=<value>\n`, where the length counts its own digits.
    private static func paxRecord(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while String(length).utf8.count + rest.utf8.count != length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }
}
