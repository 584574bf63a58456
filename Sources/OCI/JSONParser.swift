extension JSONValue {
    /// Reads one document, strictly: RFC 8259 with the demands of I-JSON that image-spec makes of its documents.
    ///
    /// Names that stand twice, bytes after the document, lone surrogates, bytes that are not UTF-8 and deep nesting are
    /// refused, because two readers that disagree about one document are how images come to mean two things.
    package static func parse(_ bytes: [UInt8], maximumSize: Int = 16 << 20) throws(JSONError) -> JSONValue {
        guard bytes.count <= maximumSize else { throw JSONError(reason: .tooLarge(limit: maximumSize), offset: 0) }
        var parser = JSONParser(bytes: bytes)
        return try parser.document()
    }
}

/// One pass over the bytes of a document.
struct JSONParser {
    static let maximumDepth = 128

    let bytes: [UInt8]
    var position = 0
    var depth = 0

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw failure(.trailingBytes) }
        return value
    }

    mutating func value() throws(JSONError) -> JSONValue {
        skipBlanks()
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }

    func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    mutating func expect(_ byte: UInt8) throws(JSONError) {
        let found = try peek()
        guard found == byte else { throw failure(.unexpectedByte(found)) }
        position += 1
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure(.tooDeep(limit: Self.maximumDepth)) }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try value())
            skipBlanks()
            if try peek() == UInt8(ascii: "]") { break }
            try expect(UInt8(ascii: ","))
        }
        position += 1
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONObject.Member] = []
        var names: Set<ExactText> = []
        skipBlanks()
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        while true {
            skipBlanks()
            let name = try string()
            guard names.insert(ExactText(name)).inserted else { throw failure(.duplicateName(name)) }
            skipBlanks()
            try expect(UInt8(ascii: ":"))
            members.append(JSONObject.Member(name: name, value: try value()))
            skipBlanks()
            if try peek() == UInt8(ascii: "}") { break }
            try expect(UInt8(ascii: ","))
        }
        position += 1
        return .object(JSONObject(unique: members))
    }
}
