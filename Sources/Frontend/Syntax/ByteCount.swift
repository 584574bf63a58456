/// A number of bytes as people write it: `1048576`, `64m`, `1.5 GiB`. Every unit is a power of 1024, `k` as well as `KiB`.
package enum ByteCount {
    /// `nil` if the text is no such number or more than 63 bits hold.
    package static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard let last = bytes.lastIndex(where: { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == .space }) else {
            return nil
        }
        let number = String(decoding: bytes[..<(bytes[last] == .space ? last : last + 1)], as: UTF8.self)
        guard !number.lowercased().contains("x"), let value = Double(number), value >= 0,
            let factor = factor(String(decoding: bytes[(last + 1)...], as: UTF8.self).lowercased())
        else { return nil }
        return Int64(exactly: (value * factor).rounded(.towardZero))
    }

    private static func factor(_ unit: String) -> Double? {
        let units = ["k", "m", "g", "t", "p"]
        if unit.isEmpty || unit == "b" { return 1 }
        guard let power = units.firstIndex(of: String(unit.prefix(1))), ["", "b", "ib"].contains(unit.dropFirst())
        else { return nil }
        return (0...power).reduce(1) { factor, _ in factor * 1024 }
    }
}
