/// WORKDIR: a folder that must exist, with everything above it.
package struct DirectoryOperation: Hashable, Sendable {
    /// Absolute.
    package let path: String
    /// `user[:group]` whose new folders belong to; empty for root.
    package let owner: String

    package init(path: String, owner: String = "") {
        self.path = path
        self.owner = owner
    }
}
