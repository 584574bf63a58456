/// Why a benchmark, or one contender of it, could not go on.
package struct BenchmarkError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
