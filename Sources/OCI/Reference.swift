/// The name of an image, as Docker spells and completes it: `registry/repository:tag@digest`.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// `docker.io`, `localhost:5000` …
    package let registry: String
    /// `library/debian` …
    package let repository: String
    package let tag: String?
    package let digest: Digest?

    /// Reads a name and completes it: `debian` becomes `docker.io/library/debian:latest`; `nil` if it is no name.
    package init?(_ text: String) {
        var rest = Substring(text)
        digest =
            if let at = rest.firstIndex(of: "@") {
                Digest(rest[rest.index(after: at)...])
            } else {
                nil
            }
        if let at = rest.firstIndex(of: "@") {
            guard digest != nil else { return nil }
            rest = rest[..<at]
        }

        var tag: String?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        if let tag, !Self.isTag(tag) { return nil }
        self.tag = tag ?? (digest == nil ? "latest" : nil)

        let first = rest.prefix { $0 != "/" }
        let namesRegistry =
            first.count < rest.count
            && (first.contains(".") || first.contains(":") || first == "localhost" || first.lowercased() != first)
        let path = namesRegistry ? rest.dropFirst(first.count + 1) : rest
        registry = namesRegistry ? (first == "index.docker.io" ? "docker.io" : String(first)) : "docker.io"
        repository = registry == "docker.io" && !path.contains("/") ? "library/\(path)" : String(path)
        guard Self.isRepository(path), repository.utf8.count <= 255, Self.isHost(registry), !Self.isIdentifier(rest)
        else { return nil }
    }

    package var description: String {
        "\(registry)/\(repository)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// As people write it: without what Docker would add.
    package var familiar: String {
        let prefixes = ["docker.io/library/", "docker.io/"].filter(description.hasPrefix)
        let shorter = prefixes.map { String(description.dropFirst($0.count)) }
        // `docker.io/localhost/app` without its registry is another image.
        return shorter.first { Reference($0) == self } ?? description
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        return first != UInt8(ascii: ".") && first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
    }

    /// A domain or an IPv6 address in brackets, and perhaps a port.
    private static func isHost(_ text: String) -> Bool {
        let port: Substring
        if let bracket = text.lastIndex(of: "]") {
            let address = text[..<bracket]
            guard address.hasPrefix("["), address.count > 1,
                address.utf8.dropFirst().allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: ":") })
            else { return false }
            port = text[text.index(after: bracket)...]
        } else {
            let host = text.prefix { $0 != ":" }
            let isDomain = host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                return isLetterOrDigit(first) && isLetterOrDigit(last)
                    && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
            guard isDomain else { return false }
            port = text[host.endIndex...]
        }
        let digits = port.utf8.dropFirst()
        return port.isEmpty
            || port.hasPrefix(":") && !digits.isEmpty
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// distribution's grammar: lower-case letters and digits, and between them `.`, `_`, `__` or dashes.
    private static func isRepository(_ path: Substring) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { component in
            guard let first = component.utf8.first, let last = component.utf8.last else { return false }
            let separators = component.utf8.split(whereSeparator: isLowerOrDigit)
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && separators.allSatisfy { separator in
                    separator.elementsEqual(".".utf8) || separator.elementsEqual("_".utf8)
                        || separator.elementsEqual("__".utf8) || separator.allSatisfy { $0 == UInt8(ascii: "-") }
                }
        }
    }

    /// True for 64 hexadecimal digits, which would be taken for an image's digest.
    private static func isIdentifier(_ text: Substring) -> Bool { Digest(hex: text) != nil }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
