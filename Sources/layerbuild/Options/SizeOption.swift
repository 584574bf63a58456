/// A size as typed: bytes, or a number with a unit such as `20GB` or `1.5GiB`.
enum SizeOption {
    private static let units: [(name: String, bytes: Int64)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
        ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000), ("t", 1_000_000_000_000), ("b", 1),
    ]

    /// Bytes; `nil` if it is not written so or is too large to be meant.
    static func bytes(_ text: String) -> Int64? {
        let lower = text.lowercased()
        let unit = units.first { lower.hasSuffix($0.name) }
        let number = lower.dropLast(unit?.name.utf8.count ?? 0)
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = digits(first) else { return nil }
        let scale = unit?.bytes ?? 1
        let (product, isTooLarge) = whole.multipliedReportingOverflow(by: scale)
        guard !isTooLarge else { return nil }
        guard parts.count == 2 else { return product }
        // A part of a byte is no size.
        guard parts[1].utf8.count <= 3, let fraction = digits(parts[1]), scale >= 1000 else { return nil }
        let step = (0..<parts[1].utf8.count).reduce(Int64(1)) { step, _ in step * 10 }
        let (sum, isBeyond) = product.addingReportingOverflow(fraction * (scale / step))
        return isBeyond ? nil : sum
    }

    private static func digits(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text)
    }
}
