import Frontend

/// What flags of the form `key=value,key=value` are given.
enum FieldList {
    /// The fields between commas; quotes around a field protect its commas, two of them are one.
    static func fields(_ text: String, of flag: String) throws(Failure) -> [String] {
        var fields = [""]
        var isQuoted = false
        var before: Character = ","
        for character in text {
            switch character {
            case "\"" where isQuoted: isQuoted = false
            case "\"" where before == ",": isQuoted = true
            case "\"" where before == "\"":
                isQuoted = true
                fields[fields.count - 1].append("\"")
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
            before = character
        }
        guard !isQuoted else { throw .usage("`\(flag) \(text)` has a quote without its partner") }
        return fields
    }

    /// The fields' values; each key is one of `keys` and stands once.
    static func values(
        _ fields: [String], of flag: String, keys: [String]
    ) throws(Failure) -> [String: String] {
        var values: [String: String] = [:]
        for field in fields {
            guard let equals = field.firstIndex(of: "=") else { throw .usage("`\(field)` in `\(flag)` has no value") }
            let key = String(field[..<equals])
            guard keys.contains(key) else {
                let guess = closest(to: key, in: keys).map { "did you mean `\($0)`?" }
                let all = keys.map { "`\($0)`" }
                let list = all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
                throw .usage("`\(flag)` has no field `\(key)`", hint: guess ?? "it takes \(list)")
            }
            guard values.updateValue(String(field[field.index(after: equals)...]), forKey: key) == nil else {
                throw .usage("`\(key)` stands twice in one `\(flag)`")
            }
        }
        return values
    }
}
