/// The replacement of `${v//pattern/replacement}`, where `$0` is the match and `$$` a dollar sign.
///
/// Other names after a dollar sign stand for groups, which these patterns do not have: they are replaced by nothing.
struct ReplacementTemplate {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func filled(with match: [UInt8]) -> [UInt8] {
        guard bytes.contains(.dollar) else { return bytes }
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == .dollar else {
                result.append(bytes[position])
                position += 1
                continue
            }
            if position + 1 < bytes.count, bytes[position + 1] == .dollar {
                result.append(.dollar)
                position += 2
            } else if let group = group(at: position + 1) {
                if group.name.allSatisfy({ $0 == UInt8(ascii: "0") }) { result += match }
                position = group.end
            } else {
                result.append(.dollar)
                position += 1
            }
        }
        return result
    }

    /// `name` or `{name}` at `start`; `nil` if there is none.
    private func group(at start: Int) -> (name: ArraySlice<UInt8>, end: Int)? {
        let braced = start < bytes.count && bytes[start] == UInt8(ascii: "{")
        let nameStart = braced ? start + 1 : start
        guard nameStart <= bytes.count else { return nil }
        let name = bytes[nameStart...].prefix { $0 == UInt8(ascii: "_") || $0.isLetter || $0.isDigit }
        guard !name.isEmpty else { return nil }
        guard braced else { return (name, name.endIndex) }
        guard name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "}") else { return nil }
        return (name, name.endIndex + 1)
    }
}
