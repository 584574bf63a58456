import OCI

/// A JSON object with a digest of itself as its last member, so that a flipped bit makes it unreadable instead of
/// making it say something else.
enum SealedJSON {
    private static let member = "check"

    static func seal(_ object: JSONObject) -> [UInt8] {
        var bytes = JSONValue.object(object).serialised()
        let check = check(bytes)
        bytes.removeLast()
        bytes += Array("\(object.members.isEmpty ? "" : ",")\"\(member)\":\"\(check)\"}".utf8)
        return bytes
    }

    /// The object without its seal; `nil` if the bytes are not what was sealed.
    static func open(_ bytes: [UInt8]) -> JSONObject? {
        guard let sealed = (try? JSONValue.parse(bytes))?.object else { return nil }
        let object = sealed.removing([ExactText(member)])
        return sealed[member]?.string == check(JSONValue.object(object).serialised()) ? object : nil
    }

    private static func check(_ bytes: [UInt8]) -> String { String(Digest.of(bytes).hex.prefix(16)) }
}
