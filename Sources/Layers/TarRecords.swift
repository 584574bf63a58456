import Linux
import OCI

/// What the records before a member's header say of it: PAX records and GNU's long names.
///
/// Later ones win over earlier ones, and all win over the header (POSIX, pax, "pax Header Block").
struct TarRecords {
    var path: [UInt8]?
    var linkTarget: [UInt8]?
    var size: Int64?
    var owner: Int64?
    var group: Int64?
    var modified: Int64?
    var major: Int64?
    var minor: Int64?
    var attributes: [[UInt8]: [UInt8]] = [:]
    var sparse = SparseRecords()
    /// True once anything was read that only a member's header can follow.
    var isPending = false

    /// Why a record cannot be read, as a clause about the archive.
    struct Fault: Error { let reason: String }

    /// `<length> <key>=<value>\n`, again and again. What holds for all members must not name or measure one.
    mutating func read(_ bytes: [UInt8], isGlobal: Bool) throws(Fault) {
        var rest = bytes[...]
        while let first = rest.first {
            // GNU tar fills the last record of some versions up with zeros.
            if first == 0, rest.allSatisfy({ $0 == 0 }) { break }
            let (key, value, length) = try Self.record(rest)
            if isGlobal, Self.isPersonal(key) {
                throw Fault(reason: "a record for all members sets `\(String(decoding: key, as: UTF8.self))`")
            }
            try set(key, to: value)
            rest = rest.dropFirst(length)
        }
    }

    private static func record(
        _ bytes: ArraySlice<UInt8>
    ) throws(Fault) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>, length: Int) {
        let digits = bytes.prefix { (48...57).contains($0) }
        guard !digits.isEmpty, digits.count < 10, let length = Int(String(decoding: digits, as: UTF8.self)),
            length > digits.count + 2, length <= bytes.count,
            bytes[bytes.startIndex + digits.count] == UInt8(ascii: " "),
            bytes[bytes.startIndex + length - 1] == UInt8(ascii: "\n")
        else { throw Fault(reason: "a PAX record has a wrong length") }
        let record = bytes[(bytes.startIndex + digits.count + 1)..<(bytes.startIndex + length - 1)]
        guard let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > record.startIndex else {
            throw Fault(reason: "a PAX record has no key or no value")
        }
        return (record[..<equals], record[(equals + 1)...], length)
    }

    private static func isPersonal(_ key: ArraySlice<UInt8>) -> Bool {
        ["path", "linkpath", "size"].contains { key.elementsEqual($0.utf8) } || key.starts(with: "GNU.sparse.".utf8)
            || key.starts(with: attributePrefix)
    }

    private static let attributePrefix = Array("SCHILY.xattr.".utf8)

    private mutating func set(_ key: ArraySlice<UInt8>, to value: ArraySlice<UInt8>) throws(Fault) {
        if key.starts(with: Self.attributePrefix) {
            let name = Array(key.dropFirst(Self.attributePrefix.count))
            guard !name.isEmpty, !name.contains(0) else { throw Fault(reason: "an extended attribute has no name") }
            attributes[name] = Array(value)
            return
        }
        let text = String(decoding: key, as: UTF8.self)
        switch text {
        case "path": path = try name(value, text)
        case "linkpath": linkTarget = try name(value, text)
        case "size": size = try number(value, text)
        case "uid": owner = try number(value, text)
        case "gid": group = try number(value, text)
        case "mtime": modified = try time(value, text)
        case "SCHILY.devmajor": major = try number(value, text)
        case "SCHILY.devminor": minor = try number(value, text)
        default:
            if let fault = sparse.set(text, to: value) { throw Fault(reason: fault) }
        }
    }

    private func name(_ value: ArraySlice<UInt8>, _ key: String) throws(Fault) -> [UInt8] {
        guard !value.contains(0) else { throw Fault(reason: "the PAX record `\(key)` holds a zero byte") }
        guard !value.isEmpty else { throw Fault(reason: "the PAX record `\(key)` is empty") }
        return Array(value)
    }

    private func number(_ value: ArraySlice<UInt8>, _ key: String) throws(Fault) -> Int64? {
        guard !value.isEmpty else { return nil }
        guard let number = Self.decimal(value) else {
            throw Fault(reason: "the PAX record `\(key)` is no number that fits")
        }
        return number
    }

    /// Seconds, rounded down; far beyond all clocks, the nearest that can be counted.
    private func time(_ value: ArraySlice<UInt8>, _ key: String) throws(Fault) -> Int64? {
        guard !value.isEmpty else { return nil }
        let isNegative = value.first == UInt8(ascii: "-")
        let parts = value.dropFirst(isNegative ? 1 : 0).split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let whole = parts.first, parts.joined().allSatisfy({ (48...57).contains($0) }) else {
            throw Fault(reason: "the PAX record `\(key)` is no time")
        }
        let seconds = Self.decimal(whole) ?? .max
        let hasFraction = parts.count > 1 && parts[1].contains { $0 != 48 }
        return isNegative ? -seconds - (hasFraction && seconds < .max ? 1 : 0) : seconds
    }

    /// Digits alone; `nil` for anything else and for what does not fit.
    static func decimal(_ text: some Collection<UInt8>) -> Int64? {
        guard !text.isEmpty, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }
}
