/// A length of time as typed: seconds, or numbers with units such as `1h30m` or `7d`.
enum DurationOption {
    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

    /// Seconds; `nil` if it is not written so or is too long to be meant.
    static func seconds(_ text: String) -> Int? {
        if let seconds = number(text) { return seconds > 0 ? seconds : nil }
        var total = 0
        var digits = ""
        for character in text {
            guard let unit = units[character] else {
                digits.append(character)
                continue
            }
            guard let count = number(digits) else { return nil }
            total += count * unit
            digits = ""
        }
        return digits.isEmpty && total > 0 ? total : nil
    }

    /// At most nine digits: a day has 86 400 seconds.
    private static func number(_ digits: String) -> Int? {
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
