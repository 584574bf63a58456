import Frontend
import Linux
import SystemPackage

/// A build context as a folder on this machine.
struct OpenedContext: Sendable {
    enum Origin: Hashable, Sendable {
        case thisMachine
        /// An archive that was laid out here.
        case archive
        /// Fetched; what was fetched is as old as this, in seconds since 1970.
        case elsewhere(time: Int64)
    }

    let folder: FilePath
    /// What it is called, in this build and the next: the folder may be a new one each time.
    let name: String
    let origin: Origin
    /// The recipe that is all of the context.
    var recipe: RecipeLoader.Found?

    /// Names a recipe among the recipes of this machine.
    func name(of recipe: RecipeLoader.Found) -> [UInt8] {
        guard let path = recipe.path else { return Array(recipe.source.name.utf8) }
        guard origin != .thisMachine, path.starts(with: folder) else { return path.bytes }
        return Array("\(name) \(recipe.source.name)".utf8)
    }

    /// The time that stands for the whole: of the commit, of the file that was fetched, or of the newest file of an
    /// archive. A folder of this machine has none.
    func time() throws(BuildError) -> Int64? {
        switch origin {
        case .thisMachine: return nil
        case .elsewhere(let time): return time
        case .archive:
            let scanner = ContextScanner(patterns: IgnorePatterns()) { _, _ in false }
            let manifest = try scanner.scan(folder)
            return try Self.newest(manifest.root, of: manifest)
        }
    }

    private static func newest(
        _ node: ContextManifest.Node, of manifest: ContextManifest
    ) throws(BuildError) -> Int64? {
        let own = node.status.kind == .regular ? node.status.modified.seconds : nil
        let below = try manifest.children(of: node).map { node throws(BuildError) in try newest(node, of: manifest) }
        return ([own] + below).compactMap(\.self).max()
    }
}
