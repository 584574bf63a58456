/// `FROM [--platform=P] image [AS name]`: begins a stage.
package struct From: Hashable, Sendable {
    /// An image, an earlier stage or `scratch`, known only after expansion with the global arguments.
    package let image: Word
    /// `AS` as typed; its letter case is a matter of style only.
    package let asKeyword: Located<String>?
    /// The stage's name as typed.
    package let typedName: Located<String>?
    package let platform: Word?
    /// What the comment above says about the stage.
    package let description: String?

    /// The name by which others refer to the stage: letter case does not count.
    package var name: String? { typedName?.value.lowercased() }
}
