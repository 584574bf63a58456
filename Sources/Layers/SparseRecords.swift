/// GNU's PAX records about a sparse file, in the three forms that it has had.
struct SparseRecords {
    var major: Int64?
    var minor: Int64?
    /// The member's name; the header has a made-up one.
    var name: [UInt8]?
    var size: Int64?
    /// Forms 0.0 and 0.1: offset, length, offset, length, …
    var numbers: [Int64] = []

    /// Form 1.0 keeps the list before the contents.
    var isListInContents: Bool { major == 1 && minor == 0 }

    var isPresent: Bool { major != nil || size != nil || !numbers.isEmpty }

    /// Returns what is wrong with a record; keys of others are none of its business.
    mutating func set(_ key: String, to value: ArraySlice<UInt8>) -> String? {
        guard key.hasPrefix("GNU.sparse.") else { return nil }
        switch key.dropFirst("GNU.sparse.".utf8.count) {
        case "name":
            guard !value.isEmpty, !value.contains(0) else { return "the PAX record `\(key)` is no name" }
            name = Array(value)
        case "map":
            numbers = []
            for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                guard let number = TarRecords.decimal(part) else { return "the PAX record `\(key)` is no list" }
                numbers.append(number)
            }
        case "offset", "numbytes":
            guard let number = TarRecords.decimal(value) else { return "the PAX record `\(key)` is no number" }
            numbers.append(number)
        case "major":
            guard let number = TarRecords.decimal(value) else { return "the PAX record `\(key)` is no number" }
            major = number
        case "minor":
            guard let number = TarRecords.decimal(value) else { return "the PAX record `\(key)` is no number" }
            minor = number
        case "size", "realsize":
            guard let number = TarRecords.decimal(value) else { return "the PAX record `\(key)` is no number" }
            size = number
        default: break
        }
        return nil
    }

    /// The extents of forms 0.0 and 0.1; `nil` if an offset has no length.
    var extents: [SparseMap.Extent]? { SparseMap.Extent.pairs(numbers[...]) }
}

extension SparseMap.Extent {
    /// Offset, length, offset, length, …
    static func pairs(_ numbers: ArraySlice<Int64>) -> [Self]? {
        guard numbers.count.isMultiple(of: 2) else { return nil }
        return stride(from: numbers.startIndex, to: numbers.endIndex, by: 2).map {
            Self(offset: numbers[$0], length: numbers[$0 + 1])
        }
    }
}
