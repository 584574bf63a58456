/// Archives made byte by byte, for what no honest tool writes.
struct TarForge {
    enum Kind: Character {
        case file = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case character = "3"
        case block = "4"
        case folder = "5"
        case pipe = "6"
        case extended = "x"
    }

    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ kind: Kind, _ name: String, _ contents: String = "", link: String = "", major: Int = 0, minor: Int = 0,
        attributes: [(String, String)] = []
    ) {
        if !attributes.isEmpty {
            let records = attributes.map { Self.record("SCHILY.xattr.\($0.0)", $0.1) }.joined()
            add(.extended, "attributes", records)
        }
        bytes += Self.header(kind, name, size: contents.utf8.count, link: link, major: major, minor: minor)
        bytes += Array(contents.utf8) + [UInt8](repeating: 0, count: (512 - contents.utf8.count % 512) % 512)
    }

    /// The archive with its end.
    var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// A record of an extended header begins with its own length, in which the length counts too.
    private static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)\(rest)".utf8.count != length { length = "\(length)\(rest)".utf8.count }
        return "\(length)\(rest)"
    }

    private static func header(
        _ kind: Kind, _ name: String, size: Int, link: String, major: Int, minor: Int
    ) -> [UInt8] {
        var block = text(name, 100)
        block += octal(kind == .folder ? 0o755 : 0o644, 8) + octal(0, 8) + octal(0, 8)
        block += octal(size, 12) + octal(1, 12) + text("        ", 8) + Array(String(kind.rawValue).utf8)
        block += text(link, 100) + text("ustar", 6) + Array("00".utf8) + text("", 64)
        block += octal(major, 8) + octal(minor, 8) + text("", 167)
        let sum = block.reduce(0) { $0 + Int($1) }
        block.replaceSubrange(148..<156, with: octal(sum, 7) + Array(" ".utf8))
        return block
    }

    private static func text(_ text: String, _ width: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(width))
        return bytes + [UInt8](repeating: 0, count: width - bytes.count)
    }

    private static func octal(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return text(String(repeating: "0", count: width - 1 - digits.utf8.count) + digits, width)
    }
}
