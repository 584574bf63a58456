import Frontend
import OCI
import Testing

@testable import layerbuild

@Suite("A path into a document")
struct ValuePathTests {
    private static let document: JSONValue = [
        "config": ["Env": ["A=1", "B=2"], "Labels": ["a.b": "c"]], "size": 7,
    ]

    @Test(
        "leads to a value",
        arguments: [
            (".config.Env[0]", "A=1"), (".config.Env[1]", "B=2"), (#".config.Labels["a.b"]"#, "c"),
            (#".["config"].Labels["a.b"]"#, "c"),
        ])
    func strings(path: String, value: String) throws {
        #expect(try ValuePath(typed: path).value(in: Self.document) == .string(value))
    }

    @Test("of nothing is the whole document")
    func whole() throws { #expect(try ValuePath(typed: ".").value(in: Self.document) == Self.document) }

    @Test(
        "that is none is refused",
        arguments: ["", "config", ".config.", ".config..Env", ".config[", ".config[x]", ".config[-1]", "{{.Config}}"])
    func refused(path: String) {
        #expect(failure { _ = try ValuePath(typed: path) }?.exitCode == .usage)
    }

    @Test(
        "that leads nowhere says where it ends and what is near",
        arguments: [
            (".confg", "`.` has no key `confg`", "did you mean `.config`?"),
            (".config.Evn", "`.config` has no key `Evn`", "did you mean `.config.Env`?"),
            (".config.Env[2]", "`.config.Env` has no element 2", "it has 2"),
            (".size[0]", "`.size` has no element 0", "it is no list"),
            (".size.x", "`.size` has no key `x`", "it has no keys"),
        ])
    func lost(path: String, message: String, hint: String) throws {
        let failure = failure { _ = try ValuePath(typed: path).value(in: Self.document) }
        #expect(failure?.diagnostic.message == message)
        #expect(failure?.diagnostic.hint == hint)
        #expect(failure?.exitCode == .rejectedInput)
    }

    @Test("and a document are shown over several lines")
    func indented() {
        #expect(
            IndentedJSON(["a": [1, "x"], "b": [], "c": [:]]).text == """
                {
                  "a": [
                    1,
                    "x"
                  ],
                  "b": [],
                  "c": {}
                }

                """)
    }
}
