import Testing

@testable import OCI

@Suite("JSON") struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

    private func rewritten(_ text: String) throws -> String {
        String(decoding: try parse(text).serialised(), as: UTF8.self)
    }

    private func failure(_ text: String) -> JSONError.Reason? {
        do {
            _ = try JSONValue.parse(Array(text.utf8))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        "Values are read as what they are",
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-12", -12),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number("9223372036854775808")), ("1.50", .number("1.50")),
            ("1E+2", .number("1E+2")), ("\"\"", ""), ("[]", []), ("{}", [:]), ("[1,[2]]", [1, [2]]),
            ("{\"a\":{\"b\":null}}", ["a": ["b": .null]]),
        ] as [(String, JSONValue)])
    func values(text: String, value: JSONValue) throws { #expect(try parse(text) == value) }

    @Test(
        "Escapes become the characters they stand for",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""A\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        ])
    func escapes(text: String, value: String) throws { #expect(try parse(text) == .string(value)) }

    @Test("Names are told apart by their bytes, though they look the same")
    func names() throws {
        let text = #"{"\#u{E9}":1,"e\#u{301}":2}"#
        #expect(try rewritten(text) == text)
        let object = try #require(try parse(text).object)
        #expect(object["\u{E9}"] == 1 && object["e\u{301}"] == 2)
        #expect(object.removing(["e\u{301}"]).names.count == 1)
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            ("", JSONError.Reason.unexpectedEnd), ("{\"a\":1", .unexpectedEnd), ("[1,", .unexpectedEnd),
            ("\"abc", .unexpectedEnd), ("-", .unexpectedEnd), ("nul", .unexpectedEnd),
            ("[1,]", .unexpectedByte(0x5D)), ("{,}", .unexpectedByte(0x2C)), ("{a:1}", .unexpectedByte(0x61)),
            ("'a'", .unexpectedByte(0x27)), ("+1", .unexpectedByte(0x2B)), (".5", .unexpectedByte(0x2E)),
            ("NaN", .unexpectedByte(0x4E)), ("\u{FEFF}{}", .unexpectedByte(0xEF)), ("1 2", .trailingBytes),
            ("{}\0", .trailingBytes), ("01", .badNumber), ("-00", .badNumber), ("1.", .badNumber), ("1e", .badNumber),
            ("1e+", .badNumber), ("\"\t\"", .badString), ("\"\n\"", .badString), (#""\x""#, .badString),
            (#""\u12g4""#, .badString),
        ] as [(String, JSONError.Reason)])
    func refused(text: String, reason: JSONError.Reason) { #expect(failure(text) == reason) }

    @Test(
        "A surrogate without its other half is refused",
        arguments: [#""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ude00""#, #""\ud83d\ud83d""#, #""\ude00\ud83d""#])
    func surrogates(text: String) { #expect(failure(text) != nil) }

    @Test("Bytes that are not UTF-8 are refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xC3]])
    func encoding(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22] + bytes + [0x22]) }
    }

    @Test("A name that stands twice in an object is refused, however it is spelt")
    func duplicates() {
        #expect(failure(#"{"a":1,"b":2,"a":3}"#) == .duplicateName("a"))
        #expect(failure(#"{"a":1,"\u0061":2}"#) == .duplicateName("a"))
        #expect(failure(#"{"a":{"a":1},"b":{"a":2}}"#) == nil)
    }

    @Test("Nesting has a bound, and the bound is no crash")
    func depth() {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(failure(nested(128)) == nil)
        #expect(failure(nested(129)) == .tooDeep(limit: 128))
        #expect(failure(String(repeating: "[", count: 1_000_000)) == .tooDeep(limit: 128))
        #expect(failure(String(repeating: "{\"a\":", count: 1_000_000)) == .tooDeep(limit: 128))
        #expect(failure("[" + Array(repeating: nested(100), count: 5).joined(separator: ",") + "]") == nil)
    }

    @Test("A document has a bound")
    func size() throws {
        #expect(try JSONValue.parse(Array("\"ab\"".utf8), maximumSize: 4) == "ab")
        #expect(throws: JSONError(reason: .tooLarge(limit: 3), offset: 0)) {
            try JSONValue.parse(Array("\"ab\"".utf8), maximumSize: 3)
        }
    }

    @Test("An error says where it is")
    func offset() {
        #expect(throws: JSONError(reason: .unexpectedByte(UInt8(ascii: "x")), offset: 6)) { try parse(#"{"a": x}"#) }
    }

    @Test("A document is written back in its order and without blanks")
    func roundTrip() throws {
        #expect(
            try rewritten(#" { "z" : [ 1 , 2.50 , 1e3, null ] , "a" : { "é" : true } } "#)
                == #"{"z":[1,2.50,1e3,null],"a":{"é":true}}"#)
    }

    @Test("Text is escaped as Go's encoder does it")
    func goEscapes() throws {
        let text = "<&>\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}\u{2028}\u{2029}é😀"
        #expect(
            String(decoding: JSONValue.string(text).serialised(), as: UTF8.self)
                == #""\u003c\u0026\u003e\"\\/\b\f\n\r\t\u0001\u001f"# + "\u{7F}" + #"\u2028\u2029é😀""#)
    }

    @Test("A line break of two characters is escaped as two")
    func lineBreaks() { #expect(JSONValue.string("\r\n").serialised() == Array(#""\r\n""#.utf8)) }

    @Test("A map's keys are in the order of their bytes")
    func maps() {
        let map = JSONValue.map(["b": "2", "a": "1", "B": "3", "é": "4"])
        #expect(String(decoding: map.serialised(), as: UTF8.self) == #"{"B":"3","a":"1","b":"2","é":"4"}"#)
    }
}

@Suite("JSONObject") struct JSONObjectTests {
    @Test("A member keeps its place when it is set, goes to the end when it is new, and goes when it is nil")
    func members() {
        var object = JSONObject([("a", 1), ("b", 2), ("c", 3)])
        object["b"] = 4
        object["d"] = 5
        object["a"] = nil
        object["x"] = nil
        #expect(object.names == ["b", "c", "d"])
        #expect(object["b"] == 4)
        #expect(object["a"] == nil)
    }

    @Test("Strings are had only where all are strings")
    func strings() {
        #expect(JSONObject([("a", "1"), ("b", "2")]).stringMap == ["a": "1", "b": "2"])
        #expect(JSONObject([("a", "1"), ("b", 2)]).stringMap == nil)
        #expect(JSONValue.array(["a", 1]).strings == nil)
        #expect(JSONValue.array(["a", "b"]).strings == ["a", "b"])
    }

    @Test(
        "The last of several values counts, in the first one's place; many members take no longer each than few",
        .timeLimit(.minutes(10)))
    func many() {
        let names = (0..<200_000).map(String.init)
        let object = JSONObject((names + ["7"]).map { ($0, .string($0)) } + [("0", 1)])
        #expect(object.names == names)
        #expect(object.members.first?.value == 1)
    }
}
