/// What became of one `-o`.
package struct WrittenOutput: Hashable, Sendable {
    package let output: Output
    /// Bytes of the file; `nil` for folders and for `none`.
    package let size: Int64?
    /// True if the file held exactly this already and was left alone.
    package let isUnchanged: Bool
}
