extension Double {
    /// With this many digits after the point.
    package func fixed(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { value, _ in value * 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return "\(self)" }
        let whole = Int64(scaled)
        let (before, after) = whole.quotientAndRemainder(dividingBy: Int64(scale))
        let sign = self < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(before) }
        let fraction = String(after)
        return "\(sign)\(before)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
