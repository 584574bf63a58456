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
