/// A line of a command's output without anything that a terminal would obey.
///
/// Escape sequences that are whole (colours, titles) are dropped; other control characters but the tab are spelt out.
struct PrintableLine {
    let text: String

    init(_ bytes: some Collection<UInt8>) {
        let line = String(decoding: bytes, as: UTF8.self)
        let scalars = Array(line.unicodeScalars)
        guard scalars.contains(where: Self.isObeyed) else {
            text = line
            return
        }
        // As bytes: a command that prints a program's bytes has us spell out most of them.
        var result: [UInt8] = []
        result.reserveCapacity(scalars.count)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "\u{1B}", let end = Self.endOfSequence(scalars, from: index + 1) {
                index = end
                continue
            }
            if Self.isObeyed(scalar) {
                result.append(contentsOf: "\\u{".utf8)
                result.append(contentsOf: String(scalar.value, radix: 16).utf8)
                result.append(UInt8(ascii: "}"))
            } else {
                result.append(contentsOf: scalar.utf8)
            }
            index += 1
        }
        text = String(decoding: result, as: UTF8.self)
    }

    /// Control characters, and those that change the direction of the text around them.
    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: false
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Where the sequence after an escape ends (ECMA-48); `nil` if it does not.
    private static func endOfSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start < scalars.count else { return nil }
        switch scalars[start] {
        case "[":
            let rest = scalars[(start + 1)...]
            guard let final = rest.firstIndex(where: { !(0x20...0x3F).contains($0.value) }) else { return nil }
            return (0x40...0x7E).contains(scalars[final].value) ? final + 1 : nil
        case "]":
            let rest = scalars[(start + 1)...]
            guard let end = rest.firstIndex(where: { $0 == "\u{07}" || $0 == "\u{1B}" }) else { return nil }
            if scalars[end] == "\u{07}" { return end + 1 }
            return end + 1 < scalars.count && scalars[end + 1] == "\\" ? end + 2 : nil
        default:
            return (0x30...0x7E).contains(scalars[start].value) ? start + 1 : nil
        }
    }
}
