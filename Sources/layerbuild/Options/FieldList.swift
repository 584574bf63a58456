import Frontend
import OCI

/// What flags of the form `key=value,key=value` are given.
enum FieldList {
    /// The fields between commas; quotes around a field protect its commas, two of them are one.
    static func fields(_ text: String, of flag: String) throws(Failure) -> [String] {
        var fields = [String.UnicodeScalarView()]
        var isQuoted = false
        var before: Unicode.Scalar = ","
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where isQuoted: isQuoted = false
            case "\"" where before == ",": isQuoted = true
            case "\"" where before == "\"":
                isQuoted = true
                fields[fields.count - 1].append("\"")
            case "," where !isQuoted: fields.append(String.UnicodeScalarView())
            default: fields[fields.count - 1].append(scalar)
            }
            before = scalar
        }
        guard !isQuoted else { throw .usage("`\(flag) \(text)` has a quote without its partner") }
        return fields.map { String($0) }
    }

    /// The fields' values; each key is one of `keys` and stands once.
    static func values(
        _ fields: [String], of flag: String, keys: [String]
    ) throws(Failure) -> [String: String] {
        var values: [String: String] = [:]
        for field in fields {
            guard case (let key, let value?) = field.cut(at: "=") else {
                throw .usage("`\(field)` in `\(flag)` has no value")
            }
            guard keys.contains(key) else {
                let guess = closest(to: key, in: keys).map { "did you mean `\($0)`?" }
                let all = keys.map { "`\($0)`" }
                let list = all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
                throw .usage("`\(flag)` has no field `\(key)`", hint: guess ?? "it takes \(list)")
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw .usage("`\(key)` stands twice in one `\(flag)`")
            }
        }
        return values
    }
}
