extension Double {
    /// The number with so many digits behind the point, three at most.
    func fixed(_ digits: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "?" }
        let scale = (0..<min(digits, 3)).reduce(Int64(1)) { scale, _ in scale * 10 }
        let scaled = Int64((abs(self) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let point =
            scale == 1 ? "" : "." + String(repeating: "0", count: String(scale).count - 1 - fraction.count) + fraction
        return (self < 0 && scaled > 0 ? "-" : "") + String(scaled / scale) + point
    }

    /// A time as people read it: `0.4s`, `75.0s`, `12m 03s`.
    var asSeconds: String {
        guard self >= 600 else { return fixed(1) + "s" }
        let whole = Int64(self)
        let seconds = whole % 60
        return "\(whole / 60)m \(seconds < 10 ? "0" : "")\(seconds)s"
    }
}

extension Int64 {
    /// A size as people read it: `512 B`, `1.2 kB`, `34.5 MB`.
    var asSize: String {
        var value = Double(self)
        if value < 1000 { return "\(self) B" }
        for unit in ["kB", "MB", "GB"] {
            value /= 1000
            if value < 999.95 { return "\(value.fixed(1)) \(unit)" }
        }
        return "\((value / 1000).fixed(1)) TB"
    }
}
