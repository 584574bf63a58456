@testable import Frontend

/// Prints instructions for people to compare: every value with its place.
struct InstructionPrinter {
    let source: RecipeSource

    func print(_ recipe: RecipeFile) -> String {
        var text = ""
        for parsed in recipe.instructions {
            text += "\(place(parsed.span)) \(parsed.keyword.rawValue)\n"
            for comment in parsed.leadingComments { text += "    above \(quoted(comment))\n" }
            for line in lines(of: parsed.instruction) { text += "    \(line)\n" }
        }
        let renderer = DiagnosticRenderer()
        return recipe.warnings.reduce(text) { $0 + "\n" + renderer.render($1, in: source) }
    }

    private func lines(of instruction: Instruction) -> [String] {
        switch instruction {
        case .from(let from):
            return [
                "image \(quoted(from.image))", from.platform.map { "platform \(quoted($0))" },
                from.typedName.map { "name \(quoted($0))" }, from.description.map { "description \($0)" },
            ].compactMap { $0 }
        case .add(let add):
            return copy(add.sources, add.destination, owner: add.owner, mode: add.mode, link: add.link, add.excludes)
                + [
                    add.checksum.map { "checksum \(quoted($0))" }, add.unpack.map { "unpack \($0)" },
                    add.keepsGitFolder.map { "keep-git-dir \($0)" },
                ].compactMap { $0 }
        case .copy(let copy):
            return self.copy(
                copy.sources, copy.destination, owner: copy.owner, mode: copy.mode, link: copy.link, copy.excludes)
                + [copy.from.map { "from \(quoted($0))" }, copy.keepsParents ? "parents" : nil].compactMap { $0 }
        case .run(let run): return self.run(run)
        case .cmd(let command), .entrypoint(let command): return [line(of: command)]
        case .workdir(let word), .user(let word), .stopsignal(let word): return [quoted(word)]
        case .expose(let words), .volume(let words): return words.map(quoted)
        case .shell(let words): return words.map(quoted)
        case .maintainer(let name): return [quoted(name)]
        case .env(let pairs), .label(let pairs):
            return pairs.map { "\(quoted($0.name)) = \(quoted($0.value))\($0.isLegacy ? " legacy" : "")" }
        case .arg(let arguments):
            return arguments.map { argument in
                let value = argument.value.map { " = \(quoted($0))" } ?? ""
                return quoted(argument.name) + value + (argument.description.map { " description \($0)" } ?? "")
            }
        case .healthcheck(.none): return ["none"]
        case .healthcheck(.check(let check)):
            let times = [check.interval, check.timeout, check.startPeriod, check.startInterval, check.retries]
            return [line(of: check.command), times.map(String.init).joined(separator: " ")]
        case .onbuild(let trigger): return ["\(quoted(trigger.keyword)) of \(literal(trigger.text))"]
        }
    }

    private func copy(
        _ sources: [CopySource], _ destination: Word, owner: Word?, mode: Word?, link: Bool,
        _ excludes: [Located<String>]
    ) -> [String] {
        let sources = sources.map { source in
            switch source {
            case .path(let word): "source \(quoted(word))"
            case .document(let heredoc): line(of: heredoc)
            }
        }
        let flags = [owner.map { "chown \(quoted($0))" }, mode.map { "chmod \(quoted($0))" }, link ? "link" : nil]
        return sources + ["destination \(quoted(destination))"] + flags.compactMap { $0 }
            + excludes.map { "exclude \(quoted($0))" }
    }

    private func run(_ run: Run) -> [String] {
        let body =
            switch run.body {
            case .exec(let words): "body exec \(words)"
            case .shell(let text): "body shell \(literal(text))"
            case .document(let heredoc): "body document \(heredoc.name)"
            }
        return [line(of: run.command), body] + run.heredocs.map(line)
            + run.mounts.map { "mount \(place($0.span)) \($0.options.map(quoted))" }
            + run.devices.map { "device \($0.name) required \($0.isRequired)" }
            + [run.network.map { "network \($0.value)" }, run.security.map { "security \($0.value)" }]
            .compactMap { $0 }
    }

    private func line(of command: CommandLine) -> String {
        switch command {
        case .exec(let words): "exec " + words.map(quoted).joined(separator: " ")
        case .shell(let line): "shell \(quoted(line))"
        }
    }

    private func line(of heredoc: Heredoc) -> String {
        let kind = (heredoc.expands ? " expands" : "") + (heredoc.stripsTabs ? " strips" : "")
        return "heredoc \(heredoc.name) \(place(heredoc.span))\(kind) \(literal(heredoc.content)) "
            + place(heredoc.bodySpan)
    }

    private func quoted(_ word: Word) -> String { quoted(word.located) }

    private func quoted(_ value: Located<String>) -> String { "\(literal(value.value))@\(place(value.span))" }

    private func literal(_ text: String) -> String { text.debugDescription }

    private func place(_ span: SourceSpan) -> String {
        let (start, end) = (source.position(at: span.start), source.position(at: span.end))
        return "\(start.line):\(start.column)-\(start.line == end.line ? "" : "\(end.line):")\(end.column)"
    }
}
