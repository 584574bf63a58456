import OCI

@testable import Frontend

/// A plan as text that a golden file can hold.
struct PlanPrinter {
    let source: RecipeSource
    /// What bases are called, by their place.
    let bases: [String]

    func print(_ outcome: PlanOutcome) -> String {
        switch outcome {
        case .needs(let requirements):
            return requirements.map { "needs \($0.name) for \($0.platform)\(line($0.span))\n" }.joined()
        case .needsTime(let text, .context(let name)):
            return "needs the time of \(name ?? "the context"), for `\(text)`\n"
        case .needsTime(let text, .remote(let source)): return "needs the time of \(describe(source)), for `\(text)`\n"
        case .graph(let graph):
            var text = graph.steps.map(print).joined()
            text += "image: \(name(graph.image.fileSystem))"
            text += graph.image.base.map { ", on \(bases[$0.index])" } ?? ""
            text += graph.epoch.map { ", made at \($0)" } ?? ""
            text += "\n" + config(graph.image.config) + "history\n"
            for line in graph.image.history {
                text += "    \(line.step.map { "#\($0.index)" } ?? "-") \(line.createdBy)\n"
            }
            return text + graph.warnings.map { "warning: \($0.message)\($0.hint.map { ", \($0)" } ?? "")\n" }.joined()
        }
    }

    private func print(_ step: Step) -> String {
        let place = "[\(step.place.stage) \(step.place.number)/\(step.place.count)]"
        let head = "#\(step.id.index) over \(name(step.base)) \(place) \(step.text)\(line(step.origin))\n"
        return head + details(of: step.operation).map { "    \($0)\n" }.joined()
    }

    private func details(of operation: Frontend.Operation) -> [String] {
        switch operation {
        case .makeDirectory(let directory): return ["folder \(directory.path) of `\(directory.owner)`"]
        case .run(let run):
            var lines = ["arguments \(run.arguments)", "environment \(run.environment)"]
            if !run.proxies.isEmpty { lines.append("proxies \(run.proxies)") }
            if let name = run.hostName { lines.append("on \(name)") }
            lines.append("as `\(run.user)` in \(run.workingDirectory), network \(run.network), \(run.security)")
            lines += run.scripts.map { "script \($0.path) \(quoted($0.contents))" }
            return lines + run.mounts.map { "mount \($0.target): \(describe($0.kind))" }
        case .copy(let copy):
            var lines = copy.sources.map(describe)
            lines.append("to \(copy.destination)")
            if let owner = copy.owner { lines.append("owner \(owner)") }
            if let mode = copy.mode { lines.append("mode \(mode.text)") }
            if !copy.excludes.isEmpty { lines.append("without \(copy.excludes)") }
            if copy.parents { lines.append("parents") }
            if copy.link { lines.append("link") }
            if copy.unpack != .never { lines.append("unpack \(copy.unpack)") }
            return lines
        }
    }

    private func describe(_ source: CopyOperation.Source) -> String {
        switch source {
        case .path(let path, let origin, _): "\(path) from \(name(origin))"
        case .inline(let name, let contents): "\(name) holding \(quoted(contents))"
        case .web(let address, let checksum, _):
            "address \(address.text)\(checksum.map { " \($0)" } ?? "") called \(quoted(address.fileName))"
        case .git(let address, _): "git \(GitPrinter.print(address))"
        }
    }

    private func describe(_ kind: RunMount.Kind) -> String {
        switch kind {
        case .bind(let origin, let source, let writable):
            return "bind \(source) from \(name(origin))\(writable ? ", writable" : "")"
        case .cache(let id, let cache, let origin, let source):
            let start = origin.map { " starting with \(source) from \(name($0))" } ?? ""
            return "cache \(id) \(cache.sharing)\(cache.readOnly ? " read-only" : "")"
                + " \(String(cache.mode, radix: 8)) \(cache.owner):\(cache.group)\(start)"
        case .tmpfs(let size): return "tmpfs \(size.map(String.init) ?? "without bound")"
        case .secret(let id, let credential, let variable, let asFile):
            return "secret \(id) \(describe(credential)) variable \(variable ?? "-") file \(asFile)"
        case .ssh(let id, let credential): return "ssh \(id) \(describe(credential))"
        }
    }

    private func describe(_ credential: RunMount.Credential) -> String {
        "\(String(credential.mode, radix: 8)) \(credential.owner):\(credential.group)"
            + (credential.required ? " required" : "")
    }

    private func config(_ config: ImageConfig) -> String {
        guard let document = try? JSONValue.parse(config.serialised()).object else { return "" }
        let outer = document.members.filter { !["config", "rootfs"].contains($0.name) }
        let inner = document["config"]?.object?.members ?? []
        return (outer + inner).map { "    \($0.name) \(quoted($0.value.serialised()))\n" }.joined()
    }

    private func quoted(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "⏎")
    }

    private func name(_ origin: FileOrigin) -> String {
        switch origin {
        case .context(let name): name.map { "context \($0)" } ?? "the context"
        case .fileSystem(let fileSystem): name(fileSystem)
        }
    }

    private func name(_ fileSystem: FileSystem) -> String {
        switch fileSystem {
        case .scratch: "scratch"
        case .base(let id): bases[id.index]
        case .step(let id): "#\(id.index)"
        }
    }

    private func line(_ span: SourceSpan?) -> String { span.map { " (line \(source.line(at: $0.start) + 1))" } ?? "" }
}
