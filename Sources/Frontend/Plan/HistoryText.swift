import OCI

/// The wording of history lines: BuildKit's, which is Go's way of printing values.
enum HistoryText {
    /// A list in brackets, `%v`.
    static func list(_ words: [String]) -> String { "[\(words.joined(separator: " "))]" }

    /// A list of quoted strings in brackets, `%q`.
    static func quotedList(_ words: [String]) -> String { list(words.map(quoted)) }

    /// A string in double quotes; what cannot be printed as escapes.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{7}": quoted += "\\a"
            case "\u{8}": quoted += "\\b"
            case "\u{C}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{B}": quoted += "\\v"
            default:
                if isPrintable(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    quoted += escape(scalar)
                }
            }
        }
        return quoted + "\""
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == " " { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
        return "\\\(letter)" + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// A health check with its field names, `%+v`.
    static func healthcheck(_ check: Healthcheck) -> String {
        "{Test:\(list(check.test)) Interval:\(duration(check.interval ?? 0)) Timeout:\(duration(check.timeout ?? 0))"
            + " StartPeriod:\(duration(check.startPeriod ?? 0)) StartInterval:\(duration(check.startInterval ?? 0))"
            + " Retries:\(check.retries ?? 0)}"
    }

    /// Nanoseconds as `1h0m30s`, `1.5s`, `2ms`.
    static func duration(_ nanoseconds: Int64) -> String {
        let (second, magnitude) = (UInt64(1_000_000_000), nanoseconds.magnitude)
        let sign = nanoseconds < 0 ? "-" : ""
        switch magnitude {
        case 0: return "0s"
        case ..<1_000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + decimal(magnitude, unit: 1_000) + "µs"
        case ..<second: return sign + decimal(magnitude, unit: 1_000_000) + "ms"
        default: break
        }
        let (hours, minutes) = (magnitude / (3600 * second), magnitude / (60 * second) % 60)
        let seconds = decimal(magnitude % (60 * second), unit: second) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(seconds)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(seconds)" : sign + seconds
    }

    private static func decimal(_ value: UInt64, unit: UInt64) -> String {
        let rest = value % unit
        guard rest > 0 else { return "\(value / unit)" }
        var digits = String(String(unit + rest).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value / unit).\(digits)"
    }
}
