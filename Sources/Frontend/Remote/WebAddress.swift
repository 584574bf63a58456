/// An address of a file: `http://…` or `https://…`, as it was written.
package struct WebAddress: Hashable, Sendable {
    package let text: String

    /// Returns `nil` if the text is no such address.
    init?(_ text: String) {
        guard ["http://", "https://"].contains(where: { text.utf8.starts(with: $0.utf8) }) else { return nil }
        self.text = text
    }

    private static let slash = UInt8(ascii: "/")

    /// What lies between the scheme and the path: the host, perhaps with a port or credentials.
    private var authority: Substring.UTF8View {
        text.utf8.drop { $0 != Self.slash }.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
    }

    /// The host's name, without port and credentials, in lower case.
    package var host: String {
        let place = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? authority
        let isBracketed = place.first == UInt8(ascii: "[")
        let end = UInt8(ascii: isBracketed ? "]" : ":")
        return Substring(place.prefix { $0 != end }.dropFirst(isBracketed ? 1 : 0)).lowercased()
    }

    /// What the file is called when it is put into a folder: the last part of the path, its escapes resolved; nothing
    /// in it can lead elsewhere.
    package var fileName: [UInt8] {
        let path = text.utf8.dropFirst(text.utf8.distance(from: text.utf8.startIndex, to: authority.endIndex))
            .prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let decoded = PercentEncoding.decoded(path) else { return Self.unnamed }
        let name = RecipePath.cleaned([Self.slash] + decoded).split(separator: Self.slash).last.map(Array.init) ?? []
        return name.isEmpty || name.contains(0) ? Self.unnamed : name
    }

    private static let unnamed = Array("__unnamed__".utf8)

    /// For people: without a password.
    package var shown: String { text.withoutPassword }
}

extension String {
    /// An address without the password that it may carry.
    var withoutPassword: String {
        guard let scheme = utf8.firstRange(of: "://".utf8) else { return self }
        let authority = utf8[scheme.upperBound...].prefix { !"/?#".utf8.contains($0) }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
            let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return self }
        return self[...colon] + "xxxxx" + self[at...]
    }
}
