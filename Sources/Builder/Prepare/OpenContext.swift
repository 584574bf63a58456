import Frontend
import Linux
import OCI
import Store
import SystemPackage

/// The contexts of a build as folders of this machine, and the recipe if it comes from elsewhere.
struct OpenContext: Sendable {
    /// The main context; `nil` if there is none.
    let main: OpenedContext?
    /// Those given by name.
    let named: ExactMap<OpenedContext>
    /// The recipe that was fetched, alone or as all of the context.
    let recipe: RecipeLoader.Found?

    /// What is no folder of this machine needs the store; `remotes` may be why there is none.
    init(_ request: BuildRequest, _ remotes: Result<RemoteSources, BuildError>) throws(BuildError) {
        let opener = ContextOpener(request: request, remotes: remotes)
        main = try opener.open(request.context)
        var named: ExactMap<OpenedContext> = [:]
        for (name, source) in request.namedContexts.sorted where request.plan.folderContexts.contains(name) {
            if case .path(let path) = source { named[name] = try opener.open(.folder(path)) }
        }
        for (name, address) in request.remoteContexts.sorted { named[name] = try opener.open(.remote(address)) }
        self.named = named
        if case .remote(let address) = request.recipe {
            let bytes = try remotes.get().bytes(at: address, limit: RecipeLoader.limit)
            recipe = RecipeLoader.Found(source: RecipeSource(name: address.shown, bytes: bytes), path: nil)
        } else {
            recipe = main?.recipe
        }
    }

    /// Names a recipe among the recipes of this machine.
    func name(of recipe: RecipeLoader.Found) -> [UInt8] {
        main?.name(of: recipe) ?? recipe.path?.bytes ?? Array(recipe.source.name.utf8)
    }

    func context(named name: String?) -> OpenedContext? { name.map { named[$0] } ?? main }
}

extension FilePath {
    /// The same path without its `.` components; `..` stays, since links give it its meaning.
    var withoutDots: FilePath {
        guard components.contains(where: { $0.kind == .currentDirectory }) else { return self }
        return FilePath(root: root, components.filter { $0.kind != .currentDirectory })
    }
}
