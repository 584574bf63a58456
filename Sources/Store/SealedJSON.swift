import OCI

/// A JSON object with a digest of itself as its last member, so that a flipped bit makes it unreadable instead of
/// making it say something else.
enum SealedJSON {
    private static let member = "check"

    static func seal(_ object: JSONObject) -> [UInt8] {
        var sealed = object
        sealed[member] = .string(check(object))
        return JSONValue.object(sealed).serialised()
    }

    /// The object without its seal; `nil` if the bytes are not what was sealed.
    static func open(_ bytes: [UInt8]) -> JSONObject? {
        guard let sealed = (try? JSONValue.parse(bytes))?.object else { return nil }
        let object = sealed.removing([ExactText(member)])
        return sealed[member]?.string == check(object) ? object : nil
    }

    private static func check(_ object: JSONObject) -> String {
        String(Digest.of(JSONValue.object(object).serialised()).hex.prefix(16))
    }
}
