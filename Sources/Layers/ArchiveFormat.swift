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
        } else if bytes.count >= Self.sniffLength, bytes[257..<262].elementsEqual("ustar".utf8) || Self.isTar(bytes) {
            self = .plain
        } else {
            return nil
        }
    }

    private static func isSkippableFrame(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 4 && (0x50...0x5F).contains(bytes[0]) && bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    }

    /// True for a header with the right sum, and for the zeros that end a tar without entries.
    private static func isTar(_ bytes: [UInt8]) -> Bool {
        let block = Array(bytes[..<sniffLength])
        return block.allSatisfy { $0 == 0 } || TarHeader(block) != nil
    }
}
