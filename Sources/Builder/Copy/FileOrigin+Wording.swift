import Frontend

/// How errors speak of where files were looked for.
extension FileOrigin {
    var place: String {
        switch self {
        case .context(nil): "the build context"
        case .context(let name?): "the context `\(name)`"
        case .fileSystem: "the file system that `from` names"
        }
    }

    /// What to do about a path that is not there. Only a context has an ignore file.
    var remedy: String {
        switch self {
        case .context: "paths are relative to the root of \(place), and its ignore file may exclude them"
        case .fileSystem: "paths are relative to the root of \(place)"
        }
    }
}
