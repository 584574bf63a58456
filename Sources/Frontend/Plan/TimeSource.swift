/// What SOURCE_DATE_EPOCH names when it is no number.
package enum TimeSource: Hashable, Sendable {
    /// The build context; `nil` is the main one, a name one of `--build-context`.
    case context(String?)
    /// The one thing from elsewhere that a stage consists of.
    case remote(CopyOperation.Source)
}
