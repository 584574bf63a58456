/// Where files come from.
package enum FileOrigin: Hashable, Sendable {
    /// The build context; `nil` is the main one, a name one of `--build-context`.
    case context(String?)
    case fileSystem(FileSystem)

    package var fileSystem: FileSystem? {
        if case .fileSystem(let fileSystem) = self { fileSystem } else { nil }
    }
}
