/// An address of a file: `http://…` or `https://…`, as it was written.
package struct WebAddress: Hashable, Sendable {
    package let text: String

    /// Returns `nil` if the text is no such address.
    init?(_ text: String) {
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return nil }
        self.text = text
    }

    private static let slash = UInt8(ascii: "/")

    /// What lies between the scheme and the path: the host, perhaps with a port or credentials.
    private var authority: Substring {
        text.drop { $0 != "/" }.dropFirst(2).prefix { !"/?#".contains($0) }
    }

    /// The host's name, without port and credentials, in lower case.
    package var host: String {
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if place.hasPrefix("[") { return place.prefix { $0 != "]" }.dropFirst().lowercased() }
        return place.prefix { $0 != ":" }.lowercased()
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
        guard let scheme = firstRange(of: "://") else { return self }
        let authority = self[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return self
        }
        return self[...colon] + "xxxxx" + self[at...]
    }
}
