extension Word {
    /// `key=value` in two; no value without an equals sign.
    var option: (key: String, value: Word?) {
        let bytes = Array(text.utf8)
        guard let equals = bytes.firstIndex(of: .equals) else { return (text, nil) }
        return (String(decoding: bytes[..<equals], as: UTF8.self), slice(equals + 1..<bytes.count))
    }

    /// The text as a truth value, in any of the ways that Go's `strconv.ParseBool` takes.
    func truth(of key: String) throws(Diagnostic) -> Bool {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": return true
        case "0", "f", "F", "FALSE", "false", "False": return false
        default: throw badValue(of: key, hint: "write `\(key)=true` or `\(key)=false`")
        }
    }

    /// The text as a number in this base, digits only.
    func number(of key: String, base: Int) throws(Diagnostic) -> UInt32 {
        guard text.utf8.first?.isDigit == true, let number = UInt32(text, radix: base) else {
            throw badValue(of: key, hint: "write a number\(base == 8 ? " in octal" : "")")
        }
        return number
    }

    /// The text as a number of bytes, perhaps with a unit such as `k`, `MB` or `GiB`, each a power of 1024.
    func size(of key: String) throws(Diagnostic) -> Int64 {
        if let size = ByteCount.parse(text) { return size }
        throw badValue(of: key, hint: "write a number of bytes, or one with a unit such as `64m`")
    }

    func badValue(of key: String, hint: String) -> Diagnostic {
        Diagnostic(.error, "bad-option-value", "`\(key)` cannot be `\(text)`", at: span, hint: hint)
    }
}
