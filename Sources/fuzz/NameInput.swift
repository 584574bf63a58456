import OCI

/// A text, read as the name of an image, a digest and a platform.
struct NameInput {
    let text: String

    init(_ input: [UInt8]) { text = String(decoding: input, as: UTF8.self) }

    func run() {
        if let reference = Reference(text) {
            law("a complete name means the same", Self.isSame(Reference(reference.description), reference))
            law("a short name means the same", Self.isSame(Reference(reference.familiar), reference))
            let isPlain = reference.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            // A tag may hold two dots; a part of a path may not be them.
            let leadsUp = reference.description.split(separator: "/").contains("..")
            law("a name is plain and leads nowhere", isPlain && !leadsUp)
        }
        if let digest = Digest(text) {
            law("a digest has one spelling", ExactText(digest.description) == ExactText(text))
        }
        if let platform = Platform(text) {
            law("a platform means the same", Self.isSame(Platform(platform.description), platform))
            law("a platform runs its own images", platform.accepts(platform))
        }
    }

    /// To the byte, which is more than equal for what holds strings.
    private static func isSame<Name: Equatable & CustomStringConvertible>(_ again: Name?, _ name: Name) -> Bool {
        again == name && again.map { ExactText($0.description) } == ExactText(name.description)
    }
}
