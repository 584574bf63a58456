import OCI

extension StagePlanner {
    mutating func takeCopy(_ copy: Copy, _ parsed: ParsedInstruction) throws(Diagnostic) {
        let shown = shownText(parsed)
        let from = try copy.from.map { word throws(Diagnostic) in origin(of: try names.copySource(word)) }
        let (paths, documents) = try split(copy.sources)
        var sources: [CopyOperation.Source] = []
        for path in paths {
            if let address = try Self.address(path) {
                let kind = if case .git = address { "a git repository" } else { "an address" }
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
        let sum = checksum.flatMap { $0.value.isEmpty ? nil : $0 }
        if let sum, paths.count != 1 || !documents.isEmpty {
            throw Diagnostic(
                .error, "bad-checksum", "`--checksum` takes one source only", at: sum.span,
                hint: "give each source an ADD of its own")
        }
        let sources = try paths.map { path throws(Diagnostic) in try source(path, sum, add) }
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
                let contents = heredoc.expands ? Array(try state.fold.expand(heredoc.word).utf8) : heredoc.contents
                documents.append((heredoc.name, .inline(name: heredoc.name, contents: contents)))
            }
        }
        return (paths, documents)
    }

    private func flags(
        owner: Word?, mode: Word?
    ) throws(Diagnostic) -> (owner: String?, mode: ModeChange?, line: [String]) {
        let owner = try owner.map { word throws(Diagnostic) in try state.fold.expand(word) } ?? ""
        let written = try mode.map { word throws(Diagnostic) in try state.fold.expand(word) } ?? ""
        let change = ModeChange(written)
        if let mode, !written.isEmpty, change == nil {
            throw Diagnostic(
                .error, "bad-mode", "`\(written)` is not a file mode", at: mode.span,
                hint: "write up to 7777 in octal, or changes such as `u=rwX,go=rX`")
        }
        let line = (owner.isEmpty ? [] : ["--chown=\(owner)"]) + (written.isEmpty ? [] : ["--chmod=\(written)"])
        return (owner.isEmpty ? nil : owner, change, line)
    }

    private func excludes(_ patterns: [Located<String>]) throws(Diagnostic) -> [String] {
        for pattern in patterns {
            do { _ = try IgnorePatterns([Array(pattern.value.utf8)]) } catch {
                throw Diagnostic(error.severity, error.code, error.message, at: pattern.span, hint: error.hint)
            }
        }
        return patterns.map(\.value)
    }

    private static func address(_ path: Located<String>) throws(Diagnostic) -> RemoteAddress? {
        do { return try RemoteAddress.parse(path.value) } catch { throw error.at(path.span) }
    }

    /// What a path or address of ADD comes to.
    private func source(
        _ path: Located<String>, _ checksum: Located<String>?, _ add: Add
    ) throws(Diagnostic) -> CopyOperation.Source {
        switch try Self.address(path) {
        case .git(let address):
            do {
                let address = try address.adding(checksum: checksum?.value, keepsGitFolder: add.keepsGitFolder)
                return .git(address, span: place(path.span))
            } catch {
                throw error.at(error.code == "bad-checksum" ? checksum?.span : path.span)
            }
        case .web(let address):
            let digest = try checksum.map { checksum throws(Diagnostic) in try Self.digest(checksum) }
            return .web(address, checksum: digest, span: place(path.span))
        case nil:
            guard let checksum else { return .path(path.value, from: .context(nil), span: place(path.span)) }
            throw Diagnostic(
                .error, "bad-checksum", "`--checksum` is for addresses and git repositories only", at: checksum.span)
        }
    }

    private static func digest(_ checksum: Located<String>) throws(Diagnostic) -> Digest {
        if let digest = Digest(checksum.value) { return digest }
        throw Diagnostic(
            .error, "bad-checksum", "`\(checksum.value)` is not a digest", at: checksum.span,
            hint: "write `sha256:` and 64 lower-case hexadecimal digits")
    }
}
