package import OCI

/// Where expansion finds the values of variables.
package protocol VariableLookup {
    /// `nil` if the variable is not set; an empty value is a value.
    func value(of name: String) -> String?
}

extension ExactMap: VariableLookup where Value == String {
    package func value(of name: String) -> String? { self[name] }
}

/// What a word became, and which variables it asked for.
package struct Expansion: Hashable, Sendable {
    /// No expansion may grow beyond this many bytes.
    package static let maximumSize = 1 << 20
    /// Nor may `${a:-${b:-…}}` be nested deeper than this.
    package static let maximumDepth = 100

    package let text: String
    /// The text split at white space that stood neither in quotes nor behind an escape.
    package let words: [String]
    /// Variables that had a value.
    package let used: [Located<String>]
    /// Variables that had none.
    package let unset: [Located<String>]
}
