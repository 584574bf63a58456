/// A form in which a well-known service writes its keys: a prefix that nothing else has, then letters and digits.
struct KnownToken: Sendable {
    let name: String
    private let prefixes: [String]
    /// How many letters, digits, `_` and `-` follow at least.
    private let length: Int

    static let all: [KnownToken] = [
        KnownToken(name: "a key of AWS", prefixes: ["AKIA", "ASIA"], length: 16),
        KnownToken(
            name: "a token of GitHub", prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], length: 36),
        KnownToken(name: "a token of GitLab", prefixes: ["glpat-"], length: 20),
        KnownToken(name: "a token of Slack", prefixes: ["xoxb-", "xoxp-", "xoxa-", "xoxr-"], length: 20),
        KnownToken(name: "a token of npm", prefixes: ["npm_"], length: 36),
        KnownToken(name: "a token of PyPI", prefixes: ["pypi-AgEIcHlwaS5vcmc"], length: 50),
        KnownToken(name: "a private key", prefixes: privateKeys, length: 0),
    ]

    private static let privateKeys = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "].map {
        "-----BEGIN \($0)PRIVATE KEY-----"
    }

    /// True if the text begins with such a key.
    func matches(_ text: String) -> Bool {
        guard let prefix = prefixes.first(where: { text.utf8.starts(with: $0.utf8) }) else { return false }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        return rest.prefix { $0.isLetter || $0.isDigit || $0 == .dash || $0 == UInt8(ascii: "_") }.count >= length
    }
}
