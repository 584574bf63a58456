/// One `name=value` of ENV or LABEL.
package struct Binding: Hashable, Sendable {
    package let name: Word
    package let value: Word
    /// Written `ENV name value`, without the equals sign.
    package let isLegacy: Bool
}

/// One `name[=value]` of ARG.
package struct Argument: Hashable, Sendable {
    package let name: Located<String>
    /// `nil` without an equals sign: the argument has no default.
    package let value: Word?
    /// What the comment above says about the argument.
    package let description: String?
}
