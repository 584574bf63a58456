/// Numbers that only look random: the same for a seed on every machine (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`. The library's own way of choosing may change with its version; this does not.
    package mutating func number(below bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The numbers below `count`, in any order with the same chance (Fisher and Yates).
    package mutating func order(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in order.indices.reversed() { order.swapAt(last, number(below: last + 1)) }
        return order
    }

    /// From 0 up to, but not including, 1.
    package mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
