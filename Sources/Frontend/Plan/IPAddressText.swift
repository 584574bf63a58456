/// Whether a text is an IP address as Go's `net.ParseIP` takes it: without a zone, without zeros in front of decimals.
enum IPAddressText {
    static func isValid(_ text: String) -> Bool { isVersion4(text[...]) || isVersion6(text) }

    private static func isVersion4(_ text: Substring) -> Bool {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { number in
                number.utf8.allSatisfy(\.isDigit) && UInt8(number) != nil
                    && (number.count == 1 || !number.hasPrefix("0"))
            }
    }

    /// Eight groups; `::` stands for one or more of them, once, and the last two may be written as an IPv4 address.
    private static func isVersion6(_ text: String) -> Bool {
        let halves = halves(text)
        guard halves.count <= 2 else { return false }
        var count = 0
        for (index, half) in halves.enumerated() {
            var groups =
                half.isEmpty && halves.count == 2 ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
            if index == halves.count - 1, let last = groups.last, isVersion4(last) {
                groups.removeLast()
                count += 2
            }
            guard groups.allSatisfy(isGroup) else { return false }
            count += groups.count
        }
        return halves.count == 2 ? count < 8 : count == 8
    }

    /// What stands between the `::`.
    private static func halves(_ text: String) -> [Substring] {
        var halves: [Substring] = []
        var (start, position) = (text.startIndex, text.startIndex)
        while position < text.endIndex {
            let next = text.index(after: position)
            if text[position] == ":", next < text.endIndex, text[next] == ":" {
                halves.append(text[start..<position])
                start = text.index(after: next)
                position = start
            } else {
                position = next
            }
        }
        return halves + [text[start...]]
    }

    private static func isGroup(_ text: Substring) -> Bool {
        (1...4).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isDigit || ("a"..."f").contains(Unicode.Scalar($0 | 0x20)) }
    }
}
