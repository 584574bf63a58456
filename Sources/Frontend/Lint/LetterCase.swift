/// How a keyword is written.
enum LetterCase: String, Hashable, Sendable {
    case lower
    case upper

    /// `nil` for mixed case.
    init?(_ keyword: String) {
        if keyword == keyword.lowercased() {
            self = .lower
        } else if keyword == keyword.uppercased() {
            self = .upper
        } else {
            return nil
        }
    }

    func applied(to text: String) -> String {
        switch self {
        case .lower: text.lowercased()
        case .upper: text.uppercased()
        }
    }
}
