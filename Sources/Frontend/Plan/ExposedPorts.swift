/// What one word of EXPOSE names: `80`, `80/udp`, `8000-8010/tcp`, and docker's old `[address:][host:]container` forms.
struct ExposedPorts {
    /// How many there are: each number for each transport.
    static let limit = 3 << 16

    let ports: ClosedRange<Int>
    /// `tcp`, `udp` or `sctp`.
    let transport: String

    /// As the configuration spells them: `80/tcp`.
    var names: [String] { ports.map { "\($0)/\(transport)" } }

    /// Returns `nil` if the word is none of the forms.
    init?(_ word: String) {
        var parts = word.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard let container = parts.popLast() else { return nil }
        let host = parts.popLast() ?? ""
        guard Self.isAddress(parts.joined(separator: ":")) else { return nil }

        let pieces = container.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let named = pieces.count > 1 ? pieces[1].lowercased() : ""
        let transport = named.isEmpty ? "tcp" : named
        guard ["tcp", "udp", "sctp"].contains(transport), let ports = Self.range(pieces[0]) else { return nil }
        if !host.isEmpty {
            guard let hostPorts = Self.range(Substring(host)), ports.count == 1 || ports.count == hostPorts.count else {
                return nil
            }
        }
        self.ports = ports
        self.transport = transport
    }

    private static func range(_ text: Substring) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let low = port(ends[0]) else { return nil }
        guard ends.count > 1 else { return low...low }
        guard let high = port(ends[1]), low <= high else { return nil }
        return low...high
    }

    private static func port(_ digits: Substring) -> Int? {
        guard let number = UInt16(digits) else { return nil }
        return Int(number)
    }

    /// Nothing, an IPv4 address, or an IPv6 address, perhaps in brackets.
    private static func isAddress(_ text: String) -> Bool {
        if text.isEmpty { return true }
        guard text.hasPrefix("[") else { return IPAddressText.isValid(text) }
        guard text.hasSuffix("]") else { return false }
        let inner = text.dropFirst().dropLast()
        return inner.isEmpty || IPAddressText.isValid(String(inner))
    }
}
