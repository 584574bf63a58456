/// Whom a step asks for addresses, where that is not what the machine says (resolv.conf(5)).
package struct Resolvers: Hashable, Sendable {
    /// `--dns`: addresses; empty for the machine's.
    package var servers: [String] = []
    /// `--dns-search`; empty for the machine's.
    package var searchDomains: [String] = []
    /// `--dns-option`; empty for the machine's.
    package var options: [String] = []

    package init() {}

    /// The machine's `resolv.conf` with what is given in the place of what it says about the same.
    func text(over host: String) -> String {
        var replaced: Set<Substring> = []
        if !servers.isEmpty { replaced.insert("nameserver") }
        if !searchDomains.isEmpty { replaced.formUnion(["search", "domain"]) }
        if !options.isEmpty { replaced.insert("options") }
        guard !replaced.isEmpty else { return host }

        var lines = host.split(separator: "\n").filter { line in
            let keyword = line.split(whereSeparator: \.isWhitespace).first
            return keyword.map { !replaced.contains($0) } ?? false
        }
        .map(String.init)
        lines += servers.map { "nameserver \($0)" }
        if !searchDomains.isEmpty { lines.append("search \(searchDomains.joined(separator: " "))") }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))") }
        return lines.map { $0 + "\n" }.joined()
    }
}
