/// The flags an instruction knows, and what was given for them.
struct FlagTable {
    /// What may follow a flag's name.
    enum Kind {
        /// Nothing, or `=true` or `=false`.
        case switched
        /// A value, once.
        case single
        /// A value, any number of times.
        case repeated
    }

    private var given: [String: [FlagList.Flag]] = [:]

    /// Checks flags against those that `keyword` knows.
    init(_ list: FlagList, of keyword: Keyword, known: [String: Kind]) throws(Diagnostic) {
        for flag in list.flags {
            guard let kind = known[flag.name] else { throw .unknownFlag(flag, of: keyword, known: known.keys.sorted()) }
            if case .repeated = kind {
            } else if let earlier = given[flag.name]?.first {
                throw .duplicateFlag(flag, earlier: earlier)
            }
            switch kind {
            case .single, .repeated: guard flag.value != nil else { throw .missingFlagValue(flag) }
            case .switched: _ = try Self.truth(of: flag)
            }
            given[flag.name, default: []].append(flag)
        }
    }

    /// The value of a flag that may stand once; `nil` if it was not given.
    func word(_ name: String) -> Word? { given[name]?.first?.value }

    func words(_ name: String) -> [Word] { given[name, default: []].compactMap(\.value) }

    /// `nil` if the flag was not given.
    func truth(_ name: String) throws(Diagnostic) -> Bool? {
        guard let flag = given[name]?.first else { return nil }
        return try Self.truth(of: flag)
    }

    func flags(_ name: String) -> [FlagList.Flag] { given[name, default: []] }

    private static func truth(of flag: FlagList.Flag) throws(Diagnostic) -> Bool {
        guard let value = flag.value else { return true }
        switch value.text.lowercased() {
        case "true": return true
        case "false": return false
        case "": throw .missingFlagValue(flag)
        default:
            throw Diagnostic(
                .error, "bad-flag-value", "`--\(flag.name)` is either true or false, not `\(value.text)`",
                at: value.span)
        }
    }
}

extension Diagnostic {
    static func unknownFlag(_ flag: FlagList.Flag, of keyword: Keyword, known: [String]) -> Diagnostic {
        let listed = known.isEmpty ? "it takes no flags" : "it has " + known.map { "`--\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            .error, "unknown-flag", "\(keyword.rawValue) has no flag `--\(flag.name)`", at: flag.nameSpan,
            hint: closest(to: flag.name, in: known).map { "did you mean `--\($0)`?" } ?? listed)
    }

    static func duplicateFlag(_ flag: FlagList.Flag, earlier: FlagList.Flag) -> Diagnostic {
        Diagnostic(
            .error, "duplicate-flag", "`--\(flag.name)` is given twice", at: flag.nameSpan,
            hint: "remove one of the two",
            notes: [Note("first given here", at: earlier.nameSpan)])
    }

    static func missingFlagValue(_ flag: FlagList.Flag) -> Diagnostic {
        Diagnostic(
            .error, "missing-flag-value", "`--\(flag.name)` needs a value", at: flag.nameSpan,
            hint: "write `--\(flag.name)=value`")
    }
}
