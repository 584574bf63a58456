/// Tars byte by byte, well-formed or not: no library that would refuse to write what a test needs.
package struct TarBytes {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// The fields of a ustar header. What is `nil` is left to zeros.
    package struct Header {
        package var name: [UInt8]
        package var type: UInt8
        package var mode = "0000644\0"
        package var owner = Field.octal(0, 8)
        package var group = Field.octal(0, 8)
        package var size: [UInt8]
        package var modified = Field.octal(1_600_000_000, 12)
        package var link: [UInt8] = []
        package var magic = Array("ustar\u{0}00".utf8)
        package var major: [UInt8] = Field.octal(0, 8)
        package var minor: [UInt8] = Field.octal(0, 8)
        package var prefix: [UInt8] = []
        /// Added to the right sum.
        package var sumError = 0
        /// Bytes put over the finished header, before the sum.
        package var patches: [(offset: Int, bytes: [UInt8])] = []

        package init(_ name: String, type: Character = "0", size: Int = 0) {
            self.init(Array(name.utf8), type: type, size: size)
        }

        package init(_ name: [UInt8], type: Character = "0", size: Int = 0) {
            self.name = name
            self.type = type.asciiValue ?? 0
            self.size = Field.octal(size, 12)
        }

        package var block: [UInt8] {
            var block = [UInt8](repeating: 0, count: 512)
            func put(_ bytes: [UInt8], _ offset: Int, _ count: Int) {
                for (index, byte) in bytes.prefix(count).enumerated() { block[offset + index] = byte }
            }
            put(name, 0, 100)
            put(Array(mode.utf8), 100, 8)
            put(owner, 108, 8)
            put(group, 116, 8)
            put(size, 124, 12)
            put(modified, 136, 12)
            put([type], 156, 1)
            put(link, 157, 100)
            put(magic, 257, 8)
            put(major, 329, 8)
            put(minor, 337, 8)
            put(prefix, 345, 155)
            for patch in patches { put(patch.bytes, patch.offset, 512 - patch.offset) }
            put([UInt8](repeating: 32, count: 8), 148, 8)
            let sum = block.reduce(0) { $0 + Int($1) } + sumError
            put(Field.octal(sum, 7), 148, 7)
            return block
        }
    }

    /// Numbers as header fields.
    package enum Field {
        package static func octal(_ value: Int, _ count: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, count - 1 - digits.utf8.count)) + digits).utf8) + [0]
        }

        /// GNU's big-endian two's complement.
        package static func binary(_ value: Int64, _ count: Int) -> [UInt8] {
            var field = [UInt8](repeating: value < 0 ? 0xFF : 0, count: count)
            for index in 0..<min(8, count) {
                field[count - 1 - index] = UInt8(truncatingIfNeeded: value >> (8 * Int64(index)))
            }
            field[0] |= 0x80
            return field
        }
    }

    package mutating func add(_ header: Header, _ contents: [UInt8] = []) {
        bytes += header.block
        bytes += contents
        bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    package mutating func file(_ name: String, _ contents: String = "", mode: String = "0000644\0") {
        var header = Header(name, size: contents.utf8.count)
        header.mode = mode
        add(header, Array(contents.utf8))
    }

    package mutating func folder(_ name: String, mode: String = "0000755\0") {
        var header = Header(name, type: "5")
        header.mode = mode
        add(header)
    }

    package mutating func symbolicLink(_ name: String, to target: String) { link(name, "2", target) }

    package mutating func hardLink(_ name: String, to target: String) { link(name, "1", target) }

    private mutating func link(_ name: String, _ type: Character, _ target: String) {
        var header = Header(name, type: type)
        header.link = Array(target.utf8)
        add(header)
    }

    package mutating func node(_ name: String, type: Character, major: Int = 0, minor: Int = 0) {
        var header = Header(name, type: type)
        header.major = Field.octal(major, 8)
        header.minor = Field.octal(minor, 8)
        add(header)
    }

    /// A PAX header with these records.
    package mutating func records(_ records: [(String, [UInt8])], type: Character = "x") {
        let contents = records.flatMap { Self.record($0.0, $0.1) }
        add(Header("PaxHeaders/x", type: type, size: contents.count), contents)
    }

    package mutating func records(_ key: String, _ value: String, type: Character = "x") {
        records([(key, Array(value.utf8))], type: type)
    }

    package static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [10]
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array(String(length).utf8) + rest
    }

    /// GNU's long name (`L`) or link target (`K`).
    package mutating func long(_ type: Character, _ name: [UInt8]) {
        add(Header("././@LongLink", type: type, size: name.count + 1), name + [0])
    }

    package mutating func raw(_ bytes: [UInt8]) { self.bytes += bytes }

    /// The two blocks of zeros.
    package mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

    package static func archive(_ body: (inout TarBytes) -> Void) -> [UInt8] {
        var tar = TarBytes()
        body(&tar)
        tar.end()
        return tar.bytes
    }
}
