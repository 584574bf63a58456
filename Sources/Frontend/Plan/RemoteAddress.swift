/// What a source of ADD is when it is no path.
enum RemoteAddress: Hashable, Sendable {
    /// `https://…`
    case web
    /// `https://….git`, `ssh://…`, `git://…`, `git@host:path`
    case git

    init?(_ source: String) {
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            let path = source.prefix { $0 != "#" && $0 != "?" }
            self = path.hasSuffix(".git") ? .git : .web
        } else if source.hasPrefix("ssh://") || source.hasPrefix("git://") || Self.isSecureCopyName(source) {
            self = .git
        } else {
            return nil
        }
    }

    /// `user@host:path`, as scp has it.
    private static func isSecureCopyName(_ source: String) -> Bool {
        let parts = source.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, names.count == 2 else { return false }
        return names.allSatisfy { name in
            !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isDigit || "-_.".utf8.contains($0) }
        }
    }
}
