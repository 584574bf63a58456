/// What a step does. Everything is expanded: no variable, no relative path and no default is left to be found.
package enum Operation: Hashable, Sendable {
    case run(RunOperation)
    /// COPY and ADD.
    case copy(CopyOperation)
    case makeDirectory(DirectoryOperation)

    /// The file systems it reads from besides the step's base.
    package var sources: [FileSystem] {
        switch self {
        case .run(let run): run.mounts.compactMap(\.origin?.fileSystem)
        case .copy(let copy): copy.sources.compactMap(\.origin?.fileSystem)
        case .makeDirectory: []
        }
    }

    /// The same with other file systems to read from.
    func reading(_ renamed: (FileSystem) -> FileSystem) -> Operation {
        switch self {
        case .run(var run):
            run.mounts = run.mounts.map { $0.reading(renamed) }
            return .run(run)
        case .copy(var copy):
            copy.sources = copy.sources.map { source in
                guard case .path(let path, let origin, let span) = source else { return source }
                return .path(path, from: origin.reading(renamed), span: span)
            }
            return .copy(copy)
        case .makeDirectory: return self
        }
    }
}

extension RunMount {
    fileprivate func reading(_ renamed: (FileSystem) -> FileSystem) -> RunMount {
        switch kind {
        case .bind(let origin, let source, let writable):
            let kind = Kind.bind(from: origin.reading(renamed), source: source, writable: writable)
            return RunMount(target: target, kind: kind, span: span)
        case .cache(let id, let cache, let origin, let source):
            let kind = Kind.cache(id: id, cache, from: origin?.reading(renamed), source: source)
            return RunMount(target: target, kind: kind, span: span)
        case .tmpfs, .secret, .ssh: return self
        }
    }
}

extension FileOrigin {
    fileprivate func reading(_ renamed: (FileSystem) -> FileSystem) -> FileOrigin {
        switch self {
        case .context: self
        case .fileSystem(let fileSystem): .fileSystem(renamed(fileSystem))
        }
    }
}
