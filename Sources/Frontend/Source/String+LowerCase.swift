extension StringProtocol {
    /// In lower case, one scalar for one, as Go's `strings.ToLower` has it: `İ` is `i`, where `lowercased()` gives the `i`
    /// a dot of its own.
    package var inLowerCase: String {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return lowercased() }
        var lower = String.UnicodeScalarView()
        lower.append(contentsOf: unicodeScalars.map { $0.properties.lowercaseMapping.unicodeScalars.first ?? $0 })
        return String(lower)
    }
}
