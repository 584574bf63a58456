/// The statistics of a series of numbers.
package struct Summary: Hashable, Sendable {
    package let count: Int
    package let minimum: Double
    package let median: Double
    package let maximum: Double
    /// The distance between the quartiles as a share of the median.
    package let spread: Double

    /// `nil` for an empty series, of which nothing can be said.
    package init?(_ values: some Sequence<Double>) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        count = sorted.count
        minimum = first
        maximum = last
        median = Self.quantile(0.5, of: sorted)
        let distance = Self.quantile(0.75, of: sorted) - Self.quantile(0.25, of: sorted)
        spread = median > 0 ? distance / median : 0
    }

    /// Between two values of the series the quantile lies on the straight line that joins them.
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
    }
}

/// How many times one series is another.
package struct Ratio: Hashable, Sendable {
    package let ofMinima: Double
    package let ofMedians: Double

    /// `nil` where the reference took no time at all.
    package init?(_ measured: Summary, to reference: Summary) {
        guard reference.minimum > 0, reference.median > 0 else { return nil }
        ofMinima = measured.minimum / reference.minimum
        ofMedians = measured.median / reference.median
    }
}
