extension Duration {
    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1000, "\u{B5}s": 1000, "\u{3BC}s": 1000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]

    /// Reads `1h2m3.5s` as Go's `time.ParseDuration` does; `nil` if it is not written so, or too long for an `Int64`.
    static func nanoseconds(parsing text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == .dash
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { return nil }
        let limit = UInt64(1) << 63
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = part(&rest, limit: limit), part <= limit - total else { return nil }
            total += part
        }
        if isNegative { return total == limit ? .min : Int64(exactly: total).map { -$0 } }
        return Int64(exactly: total)
    }

    /// One number with its unit, taken from the front; never more than `limit`.
    private static func part(_ rest: inout ArraySlice<UInt8>, limit: UInt64) -> UInt64? {
        let whole = rest.prefix(while: \.isDigit)
        rest = rest[whole.endIndex...]
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: \.isDigit)
            rest = rest[max(fraction.endIndex, rest.startIndex + 1)...]
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
        let name = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
        rest = rest[name.endIndex...]
        guard let unit = units[String(decoding: name, as: UTF8.self)] else { return nil }
        guard let number = whole.isEmpty ? 0 : UInt64(String(decoding: whole, as: UTF8.self)) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= limit else { return nil }
        let length = product + self.fraction(fraction, of: unit)
        return length <= limit ? length : nil
    }

    /// Digits behind the point, rounded down as Go rounds them. Those beyond 63 bits count for nothing.
    private static func fraction(_ digits: ArraySlice<UInt8>, of unit: UInt64) -> UInt64 {
        var (number, scale) = (UInt64(0), 1.0)
        for digit in digits {
            guard number <= (1 << 63 - 1) / 10 else { break }
            number = number * 10 + UInt64(digit - UInt8(ascii: "0"))
            scale *= 10
        }
        return UInt64(Double(number) * (Double(unit) / scale))
    }
}
