import OCI

extension StagePlanner {
    mutating func takeCopy(_ copy: Copy, _ parsed: ParsedInstruction) throws(Diagnostic) {
        let shown = shownText(parsed)
        let from = try copy.from.map { word throws(Diagnostic) in origin(of: try names.copySource(word)) }
        let (paths, documents) = try split(copy.sources)
        var sources: [CopyOperation.Source] = []
        for path in paths {
            if let address = RemoteAddress(path.value) {
                let kind = address == .git ? "a git repository" : "an address"
                throw Diagnostic(
                    .error, "copy-of-address", "`\(path.value)` is \(kind), which COPY does not fetch", at: path.span,
                    hint: "ADD does")
            }
            sources.append(.path(path.value, from: from ?? .context(nil), span: place(path.span)))
        }
        let flags = try flags(owner: copy.owner, mode: copy.mode)
        let destination = try state.fold.expand(copy.destination)
        let operation = CopyOperation(
            sources: sources + documents.map(\.source),
            destination: RecipePath.destination(destination, in: state.fold.workingDirectory), owner: flags.owner,
            mode: flags.mode, excludes: try excludes(copy.excludes), parents: copy.keepsParents,
            link: copy.link && flags.mode == nil)
        let line =
            ["COPY"] + (copy.keepsParents ? ["--parents"] : []) + flags.line
            + paths.map(\.value) + documents.map { "<<\($0.name)" } + [destination, "# buildkit"]
        record(line.joined(separator: " "), step: addStep(.copy(operation), shown, at: parsed.span))
    }

    mutating func takeAdd(_ add: Add, _ parsed: ParsedInstruction) throws(Diagnostic) {
        let shown = shownText(parsed)
        let (paths, documents) = try split(add.sources)
        let checksum = try add.checksum.map { word throws(Diagnostic) in
            Located(try state.fold.expand(word), at: word.span)
        }
        if let checksum, !checksum.value.isEmpty { try check(checksum, for: paths, documents: documents.count) }
        let sum = checksum.flatMap { $0.value.isEmpty ? nil : $0.value }
        let sources = paths.map { path -> CopyOperation.Source in
            switch RemoteAddress(path.value) {
            case .git:
                .git(
                    path.value, checksum: sum, keepGitFolder: add.keepsGitFolder ?? false, span: place(path.span))
            case .web: .url(path.value, checksum: sum, span: place(path.span))
            case nil: .path(path.value, from: .context(nil), span: place(path.span))
            }
        }
        let flags = try flags(owner: add.owner, mode: add.mode)
        let destination = try state.fold.expand(add.destination)
        let operation = CopyOperation(
            sources: sources + documents.map(\.source),
            destination: RecipePath.destination(destination, in: state.fold.workingDirectory), owner: flags.owner,
            mode: flags.mode, excludes: try excludes(add.excludes), link: add.link && flags.mode == nil,
            unpack: add.unpack.map { $0 ? .always : .never } ?? .localArchives)
        let line =
            ["ADD"] + flags.line + paths.map(\.value) + documents.map { "<<\($0.name)" }
            + [destination, "# buildkit"]
        record(line.joined(separator: " "), step: addStep(.copy(operation), shown, at: parsed.span))
    }

    private typealias Document = (name: String, source: CopyOperation.Source)

    /// Paths and addresses, then heredocs: the order in which they are copied.
    private func split(_ sources: [CopySource]) throws(Diagnostic) -> ([Located<String>], [Document]) {
        var (paths, documents) = ([Located<String>](), [Document]())
        for source in sources {
            switch source {
            case .path(let word): paths.append(Located(try state.fold.expand(word), at: word.span))
            case .document(let heredoc):
                let text = heredoc.expands ? try state.fold.expand(heredoc.word) : heredoc.content
                documents.append((heredoc.name, .inline(name: heredoc.name, contents: Array(text.utf8))))
            }
        }
        return (paths, documents)
    }

    private func flags(owner: Word?, mode: Word?) throws(Diagnostic) -> (owner: String?, mode: String?, line: [String])
    {
        let owner = try owner.map { word throws(Diagnostic) in try state.fold.expand(word) } ?? ""
        let written = try mode.map { word throws(Diagnostic) in try state.fold.expand(word) } ?? ""
        if let mode, !written.isEmpty, !ModeText.isValid(written) {
            throw Diagnostic(
                .error, "bad-mode", "`\(written)` is not a file mode", at: mode.span,
                hint: "write up to 7777 in octal, or changes such as `u=rwX,go=rX`")
        }
        let line = (owner.isEmpty ? [] : ["--chown=\(owner)"]) + (written.isEmpty ? [] : ["--chmod=\(written)"])
        return (owner.isEmpty ? nil : owner, written.isEmpty ? nil : written, line)
    }

    private func excludes(_ patterns: [Located<String>]) throws(Diagnostic) -> [String] {
        for pattern in patterns {
            do { _ = try IgnorePatterns([Array(pattern.value.utf8)]) } catch {
                throw Diagnostic(error.severity, error.code, error.message, at: pattern.span, hint: error.hint)
            }
        }
        return patterns.map(\.value)
    }

    private func check(
        _ checksum: Located<String>, for paths: [Located<String>], documents: Int
    ) throws(Diagnostic) {
        guard paths.count == 1, documents == 0 else {
            throw Diagnostic(
                .error, "bad-checksum", "`--checksum` takes one source only", at: checksum.span,
                hint: "give each source an ADD of its own")
        }
        switch RemoteAddress(paths[0].value) {
        case .git: break
        case .web:
            guard Digest(checksum.value) == nil else { break }
            throw Diagnostic(
                .error, "bad-checksum", "`\(checksum.value)` is not a digest", at: checksum.span,
                hint: "write `sha256:` and 64 lower-case hexadecimal digits")
        case nil:
            throw Diagnostic(
                .error, "bad-checksum", "`--checksum` is for addresses and git repositories only", at: checksum.span)
        }
    }
}
