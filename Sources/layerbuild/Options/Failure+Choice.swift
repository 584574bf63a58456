import Frontend

extension Failure {
    /// A flag that takes one of a few words was given another.
    static func choice(_ flag: String, _ typed: String, _ words: [String]) -> Failure {
        let list = words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
        let hint = closest(to: typed, in: words).map { "did you mean `\($0)`?" } ?? "it takes \(list)"
        return .usage("`\(flag)` does not take `\(typed)`", hint: hint)
    }
}
