/// `RUN --mount=type=…,…` as written: its options are read when the step is planned, variables replaced.
package struct MountFlag: Hashable, Sendable {
    /// One `key=value` or bare `key`, as a word that may hold variables.
    let options: [Word]
    package let span: SourceSpan
    /// The stage, context or image that the mount shows; the one option that may hold no variables.
    package let from: Located<String>?
}

extension MountFlag {
    init(_ flag: FlagList.Flag) throws(Diagnostic) {
        options = try flag.value.map { word throws(Diagnostic) in try CommaSeparated.fields(of: word) } ?? []
        span = flag.span
        var from: Located<String>?
        for option in options {
            let (key, value) = option.option
            guard key.lowercased() == "from", let value else { continue }
            // The last one holds, and an empty one means the build context as none at all does.
            guard !value.text.isEmpty else {
                from = nil
                continue
            }
            let bytes = Array(value.text.utf8)
            if let dollar = bytes.firstIndex(of: .dollar), dollar != bytes.count - 1 {
                throw Diagnostic(
                    .error, "variable-in-from", "`from` cannot hold variables", at: value.span,
                    hint: "name a stage above, `FROM \(value.text) AS name`, and use that name")
            }
            from = value.located
        }
        self.from = from
    }

    /// The mount that the options describe once variables have values.
    ///
    /// Options are read from left to right, so `type` must stand before those that only some types have.
    package func mount(in environment: some VariableLookup) throws(Diagnostic) -> Mount {
        var reader = MountReader(span: span)
        for option in options {
            let (key, value) = option.option
            if let value {
                // What a value becomes has no place of its own: its parts keep that of the whole.
                let expanded = Word(try value.expanded(in: environment), at: value.span)
                try reader.read(key.lowercased(), expanded, option)
            } else {
                try reader.read(bare: key.lowercased(), option)
            }
        }
        return try reader.finished()
    }
}
