/// What may stay when room is made in the store.
///
/// What a name or a kept container needs always stays, and what nothing needs always goes. In between lies what can be
/// made again: records of steps with their layers, unpacked layers, cache mounts, other encodings of an image's layers.
package struct RetentionPolicy: Hashable, Sendable {
    /// What was last used before this second goes, in seconds since 1970; `nil` for none of it.
    package var unusedSince: Int64?
    /// What was not used for longest goes, until the store takes no more bytes than this.
    package var maximumSize: Int64?

    package init(unusedSince: Int64? = nil, maximumSize: Int64? = nil) {
        self.unusedSince = unusedSince
        self.maximumSize = maximumSize
    }

    /// Everything goes that can be made again.
    package static let everything = RetentionPolicy(unusedSince: .max)
}
