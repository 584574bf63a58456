/// The settings at the very top of a recipe: `# escape=…`, `# syntax=…`, `# check=…`.
package struct Directives: Hashable, Sendable {
    package internal(set) var syntax: Located<String>?
    package internal(set) var escape: Located<EscapeCharacter>?
    package internal(set) var check: Located<String>?

    package var escapeCharacter: EscapeCharacter { escape?.value ?? .backslash }
}
