import OCI

/// A text, read as the name of an image, a digest and a platform.
struct NameInput {
    let text: String

    init(_ input: [UInt8]) { text = String(decoding: input, as: UTF8.self) }

    func run() {
        if let reference = Reference(text) {
            law("a complete name means the same", Reference(reference.description) == reference)
            law("a short name means the same", Reference(reference.familiar) == reference)
            let isPlain = reference.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            // A tag may hold two dots; a part of a path may not be them.
            let leadsUp = reference.description.split(separator: "/").contains("..")
            law("a name is plain and leads nowhere", isPlain && !leadsUp)
        }
        if let digest = Digest(text) { law("a digest has one spelling", digest.description == text) }
        if let platform = Platform(text) {
            law("a platform means the same", Platform(platform.description) == platform)
            law("a platform runs its own images", platform.accepts(platform))
        }
    }
}
