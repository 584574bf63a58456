/// What a server wants to see of whoever asks: `WWW-Authenticate` (RFC 9110, section 11.6.1).
enum Challenge: Hashable, Sendable {
    case basic
    case bearer(BearerChallenge)

    /// The first challenge of the fields that we can answer, a token before a password.
    init?(_ headers: HTTPHeaders) {
        let challenges = headers.all("WWW-Authenticate").flatMap(Self.parse)
        let bearer = challenges.lazy.compactMap { scheme, parameters in
            scheme == "bearer" ? BearerChallenge(parameters) : nil
        }
        if let bearer = bearer.first {
            self = .bearer(bearer)
        } else if challenges.contains(where: { $0.scheme == "basic" }) {
            self = .basic
        } else {
            return nil
        }
    }

    /// The schemes of one field, in lower case, with their parameters.
    static func parse(_ text: String) -> [(scheme: String, parameters: [String: String])] {
        var challenges: [(scheme: String, parameters: [String: String])] = []
        for part in parts(text) {
            let words = part.split(separator: " ", maxSplits: 1).map(String.init)
            guard let first = words.first else { continue }
            // `Scheme name=value` begins a challenge, `name=value` goes on with it.
            let isPair = first.contains("=")
            if !isPair { challenges.append((first.lowercased(), [:])) }
            guard let pair = isPair ? part : words.dropFirst().first,
                let equals = pair.firstIndex(of: "="),
                !challenges.isEmpty
            else { continue }
            let name = pair[..<equals].filter { $0 != " " }.lowercased()
            challenges[challenges.count - 1].parameters[name] = unquoted(
                pair[pair.index(after: equals)...])
        }
        return challenges
    }

    /// The text at its commas, but for those within quotes.
    private static func parts(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ",", !isQuoted {
                parts.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            parts[parts.count - 1].append(character)
        }
        return parts.map { String($0.drop { $0 == " " || $0 == "\t" }) }
    }

    private static func unquoted(_ text: Substring) -> String {
        let text = text.drop { $0 == " " }
        guard text.first == "\"" else { return text.filter { $0 != " " } }
        var value = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                value.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                break
            } else {
                value.append(character)
            }
        }
        return value
    }
}
