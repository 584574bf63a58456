import Frontend
import OCI

/// A way to a value within a JSON document, as typed after `--format`: `.config.Env[0]`, `.config.Labels["a.b"]`.
struct ValuePath: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    let parts: [Part]

    /// Reads the path; a lone `.` is the whole document.
    init(typed text: String) throws(Failure) {
        var parts: [Part] = []
        var rest = text[...]
        guard rest.first == "." else { throw Self.refusal(text) }
        if rest == "." { rest = "" }
        while let first = rest.first {
            if first == "." {
                let key = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
                guard !key.isEmpty || rest.dropFirst().first == "[" else { throw Self.refusal(text) }
                if !key.isEmpty { parts.append(.key(String(key))) }
                rest = rest.dropFirst(1 + key.count)
            } else if first == "[", let part = Self.bracket(&rest) {
                parts.append(part)
            } else {
                throw Self.refusal(text)
            }
        }
        self.parts = parts
    }

    /// `[0]` or `["key"]`; `nil` if it is neither.
    private static func bracket(_ rest: inout Substring) -> Part? {
        if rest.hasPrefix("[\"") {
            let key = rest.dropFirst(2).prefix { $0 != "\"" }
            let behind = rest.dropFirst(2 + key.count)
            guard behind.hasPrefix("\"]") else { return nil }
            rest = behind.dropFirst(2)
            return .key(String(key))
        }
        let digits = rest.dropFirst().prefix { $0 != "]" }
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(digits),
            rest.dropFirst(1 + digits.count).first == "]"
        else { return nil }
        rest = rest.dropFirst(2 + digits.count)
        return .index(index)
    }

    private static func refusal(_ text: String) -> Failure {
        .usage("`--format` does not take `\(text)`", hint: "write a path of keys, such as `.config.Env[0]`")
    }

    /// What is there.
    func value(in document: JSONValue) throws(Failure) -> JSONValue {
        var here = document
        var way = ""
        for part in parts {
            switch part {
            case .key(let key):
                guard let found = here.object?[key] else { throw Self.absent(key, way, here) }
                here = found
                way += "." + key
            case .index(let index):
                guard let elements = here.array, elements.indices.contains(index) else {
                    throw Failure(
                        .rejectedInput, "no-value", "`\(way.isEmpty ? "." : way)` has no element \(index)",
                        hint: here.array.map { "it has \($0.count)" } ?? "it is no list")
                }
                here = elements[index]
                way += "[\(index)]"
            }
        }
        return here
    }

    private static func absent(_ key: String, _ way: String, _ here: JSONValue) -> Failure {
        let keys = here.object?.names ?? []
        let hint =
            closest(to: key, in: keys).map { "did you mean `\(way).\($0)`?" }
            ?? (keys.isEmpty ? "it has no keys" : "it has \(keys.prefix(12).map { "`\($0)`" }.joined(separator: ", "))")
        return Failure(
            .rejectedInput, "no-value", "`\(way.isEmpty ? "." : way)` has no key `\(key)`", hint: hint)
    }
}
