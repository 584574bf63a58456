import Builder
import Frontend
import Glibc
import OCI
import SystemPackage

extension BuildOptions {
    /// `NAME=VALUE` at its first equals sign; the value is `nil` without one.
    static func pair(_ text: String, of flag: String) throws(Failure) -> (name: String, value: String?) {
        let (name, value) = text.cut(at: "=")
        guard !name.isEmpty else { throw .usage("`\(flag) \(text)` has no name") }
        return (name, value)
    }

    func addContexts(to request: inout BuildRequest, in surroundings: Surroundings) throws(Failure) {
        for text in buildContext {
            let (name, value) = try Self.pair(text, of: "--build-context")
            guard let value else {
                throw .usage("`--build-context \(text)` says no source", hint: "write `--build-context \(name)=path`")
            }
            request.remoteContexts[name] = nil
            if PathKind(surroundings.absolute(value)) == nil, let address = try RemoteAddress(typed: value) {
                request.remoteContexts[name] = address
                request.namedContexts[name] = nil
                request.plan.imageContexts.remove(ExactText(name))
                request.plan.folderContexts.insert(ExactText(name))
                continue
            }
            let source = try SourceOption.source(value, of: "`--build-context \(name)`", in: surroundings)
            request.namedContexts[name] = source
            request.plan.folderContexts.remove(ExactText(name))
            request.plan.imageContexts.remove(ExactText(name))
            if isPlainFolder(source) {
                request.plan.folderContexts.insert(ExactText(name))
            } else {
                request.plan.imageContexts.insert(ExactText(name))
            }
        }
    }

    /// True for a folder of files; one that is an image by its content is none.
    private func isPlainFolder(_ source: ImageSource) -> Bool {
        guard case .path(let path) = source, PathKind(path) == .folder else { return false }
        let marks: [[String]] = [["oci-layout", "index.json"], ["version", "manifest.json"]]
        return !marks.contains { names in names.allSatisfy { PathKind(path.appending($0)) == .file } }
    }

    func outputs(for request: BuildRequest, in surroundings: Surroundings) throws(Failure) -> [Output] {
        let pushed = push ? [Output(form: .registry, destination: .registry(nil))] : []
        guard !output.isEmpty || push else { return [try defaultOutput(for: request)] }
        var outputs = pushed
        for text in output {
            let next = try OutputOption(text, in: surroundings).output
            guard
                next.form == .none
                    || !outputs.contains(where: { $0.form != .none && $0.destination == next.destination })
            else { throw .usage("two outputs would be written to `\(text)`") }
            guard next.form != .docker || !(request.compression.isExplicit && request.compression.algorithm == .zstd)
            else {
                throw .usage("docker reads no zstd, so `type=docker` excludes `--compression zstd`")
            }
            guard request.platforms.count == 1 || ![.docker, .tar].contains(next.form) else {
                throw .usage(
                    "`type=\(next.form.rawValue)` holds the image of one platform, and `--platform` names several",
                    hint: "write `type=oci`, or build for one platform at a time")
            }
            outputs.append(next)
        }
        guard !request.tags.isEmpty || !outputs.contains(where: { $0.destination == .registry(nil) }) else {
            throw .usage("the image has no name to be pushed under", hint: "add `-t registry/name:tag`")
        }
        return outputs
    }

    /// `NAME.tar` in the current directory, named after the image, or else after the context.
    private func defaultOutput(for request: BuildRequest) throws(Failure) -> Output {
        var name = request.tags.first.flatMap { $0.repository.split(separator: "/").last.map(String.init) }
        if name == nil, case .folder(let path) = request.context { name = Self.realName(of: path) }
        if name == nil, case .remote(.git(let address)) = request.context { name = address.name }
        guard let name else {
            throw .usage("the image has no name to call its file by", hint: "add `-t name` or `-o file`")
        }
        return Output(form: .image, destination: .path(request.currentDirectory.appending("\(name).tar")))
    }

    /// The last part of the path that the folder really has; `nil` for the root and for what is not there.
    private static func realName(of path: FilePath) -> String? {
        guard let real = path.withPlatformString({ realpath($0, nil) }) else { return path.lastComponent?.string }
        defer { free(real) }
        return FilePath(platformString: real).lastComponent?.string
    }
}
