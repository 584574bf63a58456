import Frontend
import OCI
import Testing

@Suite("Questions about the language")
struct ParserProbeTests {
    @Test("are answered with a result or an error")
    func answers() {
        let word: JSONValue = ["input": "`$A$A", "env": ["A": "x"], "escape": "`"]
        #expect(ParserProbe.answer(.word, to: word) == ["result": "$Ax"])
        #expect(ParserProbe.answer(.words, input: "$A c", environment: ["A": "a b"]) == ["result": ["a", "b", "c"]])
        #expect(ParserProbe.answer(.json, input: " [\"a\",\t\"\\u0062\"] ") == ["result": ["a", "b"]])
        for input in ["['a']", "[\"a\", 1]", "a", "", "[\"a\"]]"] {
            #expect(ParserProbe.answer(.json, input: input).object?["error"] != nil)
        }
        let recipe = "FROM a AS One\nFROM b\nFROM one AS two\nFROM two\n"
        #expect(ParserProbe.answer(.targets, input: recipe) == ["result": ["one", "two", "(default)"]])
        #expect(ParserProbe.answer(.reject, input: "RUN x").object?["error"] != nil)
        #expect(ParserProbe.answer(.word, to: "x").object?["error"] != nil)
    }
}
