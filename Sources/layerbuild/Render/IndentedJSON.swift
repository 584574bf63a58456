import OCI

/// A JSON value over several lines, as people read it.
struct IndentedJSON {
    let text: String

    init(_ value: JSONValue) {
        var text = ""
        Self.write(value, indent: "", to: &text)
        self.text = text + "\n"
    }

    private static func write(_ value: JSONValue, indent: String, to text: inout String) {
        let inner = indent + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                write(element, indent: inner, to: &text)
                text += index == elements.count - 1 ? "\n" : ",\n"
            }
            text += indent + "]"
        case .object(let object) where !object.isEmpty:
            text += "{\n"
            for (index, member) in object.members.enumerated() {
                text += inner + line(.string(member.name)) + ": "
                write(member.value, indent: inner, to: &text)
                text += index == object.members.count - 1 ? "\n" : ",\n"
            }
            text += indent + "}"
        case .null, .bool, .integer, .number, .string, .array, .object: text += line(value)
        }
    }

    private static func line(_ value: JSONValue) -> String { String(decoding: value.serialised(), as: UTF8.self) }
}
