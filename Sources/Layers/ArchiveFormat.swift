/// How an archive is compressed, told from its first bytes.
package enum ArchiveFormat: Hashable, Sendable {
    case plain
    case gzip
    case zstd
    case xz
    case bzip2

    /// The bytes that have to be seen to tell.
    package static let sniffLength = 512

    /// - Returns: `nil` if the bytes begin no archive that we read; nothing but magic numbers and a tar header's checksum
    ///   is believed.
    package init?(sniffing bytes: [UInt8]) {
        if bytes.starts(with: [0x1F, 0x8B, 0x08]) {
            self = .gzip
        } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippableFrame(bytes) {
            self = .zstd
        } else if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
            self = .xz
        } else if bytes.starts(with: Array("BZh".utf8)), bytes.count > 3, (0x31...0x39).contains(bytes[3]) {
            self = .bzip2
        } else if Self.isTarHeader(bytes) {
            self = .plain
        } else {
            return nil
        }
    }

    private static func isSkippableFrame(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 4 && (0x50...0x5F).contains(bytes[0]) && bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    }

    /// True for a header with the right checksum, and for the zeros that end a tar without entries.
    private static func isTarHeader(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 512 else { return false }
        let header = bytes[..<512]
        if header.allSatisfy({ $0 == 0 }) { return true }
        let digits = header[148..<156].drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        guard let checksum = Int(String(decoding: digits, as: UTF8.self), radix: 8) else { return false }
        let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        return sum == checksum
    }
}
