/// The values of `--chmod`.
enum ModeText {
    /// Octal up to 7777, or changes as chmod takes them: `u=rwX,go=rX`, `+x`, `g=u`.
    static func isValid(_ text: String) -> Bool {
        if text.utf8.allSatisfy(\.isDigit) {
            guard let mode = UInt32(text, radix: 8) else { return false }
            return mode <= 0o7777
        }
        return text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy(isClause)
    }

    /// Whom it is for, then operators, each with the permissions it sets.
    private static func isClause(_ text: Substring) -> Bool {
        var rest = text.drop { "ugoa".contains($0) }
        guard !rest.isEmpty else { return false }
        while let first = rest.first {
            guard "+-=".contains(first) else { return false }
            rest = rest.dropFirst()
            let permissions = rest.prefix { !"+-=".contains($0) }
            guard permissions.allSatisfy({ "rwxXst".contains($0) }) || ["u", "g", "o"].contains(permissions) else {
                return false
            }
            rest = rest.dropFirst(permissions.count)
        }
        return true
    }
}
