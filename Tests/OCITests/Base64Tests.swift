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
}
