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
}

/// Where files come from.
package enum FileOrigin: Hashable, Sendable {
    /// The build context; `nil` is the main one, a name one of `--build-context`.
    case context(String?)
    case fileSystem(FileSystem)

    package var fileSystem: FileSystem? {
        if case .fileSystem(let fileSystem) = self { fileSystem } else { nil }
    }
}
