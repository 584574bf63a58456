/// A range of bytes in a recipe.
package struct SourceSpan: Hashable, Sendable {
    /// Offset of the first byte.
    package let start: Int
    /// Offset behind the last byte; equal to `start` for a place between two bytes.
    package let end: Int

    /// An end before the start makes an empty span at the start.
    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    /// The smallest span that covers both.
    package func joined(with other: SourceSpan) -> SourceSpan {
        SourceSpan(min(start, other.start), max(end, other.end))
    }
}

/// A value and the place in the recipe that it was read from.
package struct Located<Value> {
    package var value: Value
    package var span: SourceSpan

    package init(_ value: Value, at span: SourceSpan) {
        self.value = value
        self.span = span
    }

    package func map<Other>(_ change: (Value) -> Other) -> Located<Other> { Located<Other>(change(value), at: span) }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
