/// Why bytes are not a JSON document, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was met.
    package enum Reason: Hashable, Sendable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case trailingBytes
        case badString
        case badNumber
        case duplicateName(String)
        case tooDeep(limit: Int)
        case tooLarge(limit: Int)
    }

    package let reason: Reason
    /// The offset of the byte that was met.
    package let offset: Int

    package var description: String {
        let what =
            switch reason {
            case .unexpectedEnd: "the document ends too early"
            case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
            case .trailingBytes: "more bytes follow the document"
            case .badString: "a string holds bytes that are not allowed in one"
            case .badNumber: "a number is not spelt as JSON wants it"
            case .duplicateName(let name): "the name \"\(name)\" stands twice in one object"
            case .tooDeep(let limit): "values are nested deeper than \(limit)"
            case .tooLarge(let limit): "the document is larger than \(limit) bytes"
            }
        return "\(what) (at byte \(offset))"
    }
}
