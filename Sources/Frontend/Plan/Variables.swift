import OCI

/// Variables in the order in which they were first set.
struct Variables: Hashable, Sendable {
    private(set) var names: [String] = []
    private var values: ExactMap<String> = [:]

    init() {}

    /// Reads `NAME=value` each; a name without `=` has an empty value, and of several values the last holds.
    init(_ list: [String]) {
        for text in list {
            let parts = text.utf8.split(separator: .equals, maxSplits: 1, omittingEmptySubsequences: false)
            self[String(Substring(parts[0]))] = parts.count > 1 ? String(Substring(parts[1])) : ""
        }
    }

    /// `NAME=value` each.
    var list: [String] { names.map { "\($0)=\(values[$0] ?? "")" } }

    /// A variable keeps its place when its value changes.
    subscript(name: String) -> String? {
        get { values[name] }
        set {
            if let newValue {
                if values[name] == nil { names.append(name) }
                values[name] = newValue
            } else if values[name] != nil {
                values[name] = nil
                names.removeAll { ExactText($0) == ExactText(name) }
            }
        }
    }
}

extension Variables: VariableLookup {
    package func value(of name: String) -> String? { values[name] }
}
