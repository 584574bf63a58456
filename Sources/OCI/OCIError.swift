/// A document that is JSON but not what image-spec makes of it.
package enum OCIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field is missing or has another type than the specification gives it.
    case field(String, in: String)
    /// The document says that it is something else than what it was fetched as (CVE-2021-41190).
    case confusedType(expected: String, found: String)
    case json(JSONError)

    package var description: String {
        switch self {
        case .field(let name, let document): "the \(document)'s field `\(name)` is missing or has the wrong type"
        case .confusedType(let expected, let found): "a document of type `\(found)` stands where \(expected) should"
        case .json(let error): error.description
        }
    }
}

extension JSONValue {
    /// Parses a document that must be an object.
    static func parseObject(_ bytes: [UInt8], _ document: String) throws(OCIError) -> JSONObject {
        let value: JSONValue
        do { value = try parse(bytes) } catch { throw .json(error) }
        guard let object = value.object else { throw .field("{…}", in: document) }
        return object
    }
}

extension JSONObject {
    /// A field that may be missing or null but, if it is there, must be what `read` takes.
    func optional<Value>(
        _ name: String, in document: String, _ read: (JSONValue) -> Value?
    ) throws(OCIError) -> Value? {
        guard let value = self[name], value != .null else { return nil }
        guard let typed = read(value) else { throw .field(name, in: document) }
        return typed
    }

    /// A field that must be there.
    func required<Value>(
        _ name: String, in document: String, _ read: (JSONValue) -> Value?
    ) throws(OCIError) -> Value {
        guard let value = try optional(name, in: document, read) else { throw .field(name, in: document) }
        return value
    }
}
