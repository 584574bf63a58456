extension StringProtocol {
    // To `Character`, an `=` with an accent on it is no `=`, and `\r\n` is one; every other program that reads the same
    // text goes by its bytes. So what separates the parts of a flag or a recipe is looked for as a scalar.

    /// What stands before the first of a mark, and what behind it; `nil` behind if there is none.
    package func cut(at mark: Unicode.Scalar) -> (before: String, behind: String?) {
        guard let index = unicodeScalars.firstIndex(of: mark) else { return (String(self), nil) }
        return (String(self[..<index]), String(self[unicodeScalars.index(after: index)...]))
    }

    /// The parts between the marks, empty ones included; never none.
    package func parts(between mark: Unicode.Scalar) -> [String] {
        unicodeScalars.split(separator: mark, omittingEmptySubsequences: false)
            .map { String(self[$0.startIndex..<$0.endIndex]) }
    }

    /// What follows a beginning; `nil` if the text has another.
    package func removing(prefix: String) -> String? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return String(self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...])
    }
}
