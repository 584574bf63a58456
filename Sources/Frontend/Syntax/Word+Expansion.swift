extension Word {
    /// The text with variables replaced, quotes and escapes removed.
    ///
    /// - Throws: what is wrong with the word, or with a value it demands, at its place in the recipe.
    package func expanded(in environment: some VariableLookup) throws(Diagnostic) -> String {
        try expansion(in: environment).text
    }

    /// The same, split at white space: one variable may yield several words, or none.
    package func split(in environment: some VariableLookup) throws(Diagnostic) -> [String] {
        try expansion(in: environment).words
    }

    /// The text, its words, and which variables were asked for.
    package func expansion(in environment: some VariableLookup) throws(Diagnostic) -> Expansion {
        var lexer = WordLexer(Array(text.utf8), style: style, origin: origin)
        let segments = try lexer.segments()
        var expander = Expander(environment, origin: origin)
        var splitter = WordSplitter()
        for segment in segments {
            let bytes = try expander.bytes(of: segment, after: splitter.text.count)
            splitter.append(bytes, splitting: segment.protection == .none)
        }
        return Expansion(
            text: String(decoding: splitter.text, as: UTF8.self),
            words: splitter.finished().map { String(decoding: $0, as: UTF8.self) },
            used: expander.used, unset: expander.unset)
    }
}
