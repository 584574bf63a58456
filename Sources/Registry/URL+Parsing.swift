extension URL {
    /// Reads an absolute address; `nil` if it is none, or none of ours.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let origin = Origin(scheme, authority: authority) else { return nil }
        guard let (path, query) = Self.split(rest[authority.endIndex...]) else { return nil }
        self.init(origin, path: Self.withoutDots(path.isEmpty ? "/" : path), query: query)
    }

    /// The address that a reference found at this one means (RFC 3986, section 5.2); `nil` if it is none of ours.
    package func resolving(_ reference: String) -> URL? {
        if reference.hasPrefix("//") { return URL("\(origin.scheme.rawValue):\(reference)") }
        // A scheme ends at a colon that stands before every slash.
        let start = reference.prefix { !"/?#".contains($0) }
        if start.contains(":") { return URL(reference) }
        guard let (path, query) = Self.split(reference[...]) else { return nil }
        if path.isEmpty { return URL(origin, path: self.path, query: query ?? self.query) }
        let folder =
            path.hasPrefix("/") ? "" : String(self.path[...(self.path.lastIndex(of: "/") ?? self.path.startIndex)])
        return URL(origin, path: Self.withoutDots(folder + path), query: query)
    }

    /// This address with one more pair in its query.
    package func adding(_ name: String, _ value: String) -> URL {
        let pair = "\(Self.encoded(name))=\(Self.encoded(value))"
        return URL(origin, path: path, query: query.map { $0.isEmpty ? pair : "\($0)&\(pair)" } ?? pair)
    }

    /// Path and query, what is no ASCII percent-encoded; `nil` for control characters and blanks.
    private static func split(_ text: Substring) -> (path: String, query: String?)? {
        let text = text.prefix { $0 != "#" }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        let ascii = text.utf8.reduce(into: "") { result, byte in
            result += byte < 0x80 ? String(UnicodeScalar(byte)) : percent(byte)
        }
        guard let mark = ascii.firstIndex(of: "?") else { return (ascii, nil) }
        return (String(ascii[..<mark]), String(ascii[ascii.index(after: mark)...]))
    }

    /// The path with `.` and `..` worked out (RFC 3986, section 5.2.4).
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let components = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            switch component {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(component)
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    /// Everything but the unreserved characters of RFC 3986 percent-encoded.
    package static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~".utf8.contains(byte)
            result += isPlain ? String(UnicodeScalar(byte)) : percent(byte)
        }
    }

    private static func percent(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
    }
}

extension URL.Origin {
    /// Reads `host[:port]`, as it stands in an address and in the name of an image.
    package init?(_ scheme: URL.Scheme, authority: some StringProtocol) {
        let text = authority.lowercased()
        let host: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = text[...bracket]
            let isAddress =
                host.count > 2
                && host.utf8.dropFirst().dropLast().allSatisfy { byte in
                    "0123456789abcdef:.".utf8.contains(byte)
                }
            guard isAddress else { return nil }
        } else {
            host = text.prefix { $0 != ":" }
            let isName =
                !host.isEmpty
                && host.utf8.allSatisfy { byte in
                    "abcdefghijklmnopqrstuvwxyz0123456789-_.".utf8.contains(byte)
                }
            guard isName else { return nil }
        }
        let rest = text[host.endIndex...]
        guard rest.isEmpty || rest.first == ":" else { return nil }
        let digits = rest.dropFirst()
        guard digits.isEmpty || digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        let port = digits.isEmpty ? nil : UInt16(digits)
        guard digits.isEmpty || (port ?? 0) > 0 else { return nil }
        self.init(scheme: scheme, host: String(host), port: port)
    }
}
