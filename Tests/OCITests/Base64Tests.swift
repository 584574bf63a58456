import OCI
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "encodes as RFC 4648 says",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.encoded(Array(text.utf8)) == encoded)
    }

    @Test("uses every digit")
    func digits() {
        #expect(Base64.encoded([0x00, 0x10, 0x83, 0xFB, 0xFF, 0xBF]) == "ABCD+/+/")
    }

    @Test("brings every length of bytes back, with padding or without")
    func decoding() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let text = Base64.encoded(bytes)
            #expect(Base64.decoded(text) == bytes)
            #expect(Base64.decoded(String(text.prefix { $0 != "=" })) == bytes)
        }
    }

    @Test("decodes nothing else", arguments: ["dXNl!", "A", "AAAAA", "Zm9v Zm8="])
    func noText(text: String) { #expect(Base64.decoded(text) == nil) }
}
