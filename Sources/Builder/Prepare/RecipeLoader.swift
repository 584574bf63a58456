import Frontend
import Glibc
import Linux
import OCI
import SystemPackage

/// Finds and reads the recipe and the ignore file that goes with it.
struct RecipeLoader {
    /// The names that are looked up in the context, first found wins.
    static let defaultNames = ["Recipe", "Containerfile", "Dockerfile", "dockerfile"]
    static let ignoreNames = [".layerbuildignore", ".containerignore", ".dockerignore"]

    /// The largest recipe or ignore file that is read.
    static let limit = 16 << 20

    let request: BuildRequest
    /// The main context as a folder; `nil` if there is none.
    let context: FilePath?
    /// The recipe that came from elsewhere, alone or as all of the context.
    var fetched: Found?

    /// A recipe with where it lies; the path is `nil` for one that is no file of this machine.
    struct Found: Sendable {
        let source: RecipeSource
        let path: FilePath?
    }

    func load() throws(BuildError) -> Found {
        switch request.recipe {
        case .standardInput:
            let bytes = try reading("the recipe from standard input") { () throws(SyscallError) in
                try File(OwnedDescriptor.standard(STDIN_FILENO)).readAll(limit: Self.limit)
            }
            return Found(source: RecipeSource(name: "-", bytes: bytes), path: nil)
        case .file(let path):
            let absolute = request.currentDirectory.pushing(path)
            return Found(
                source: RecipeSource(name: path.string, bytes: try read(absolute, "the recipe \(path)")), path: absolute
            )
        case .withinContext(let name):
            guard let context else { throw Self.noRecipe }
            // Nothing in the name leads out of the context.
            let inside = FilePath(bytes: TreePath(normalising: name.bytes).bytes)
            let path = context.appending(inside.components)
            return Found(
                source: RecipeSource(name: inside.string, bytes: try read(path, "the recipe \(inside)")), path: path)
        case .inContext, .remote:
            if let fetched { return fetched }
            return try loadFromContext()
        }
    }

    private static let noRecipe = BuildError(
        .recipe, "no-recipe", "there is no recipe", hint: "name one with -f")

    private func loadFromContext() throws(BuildError) -> Found {
        guard let context else { throw Self.noRecipe }
        for name in Self.defaultNames {
            let path = context.appending(name)
            guard exists(path) else { continue }
            return Found(
                source: RecipeSource(name: name, bytes: try read(path, "the recipe \(path)")), path: path)
        }
        throw BuildError(
            .recipe, "no-recipe", "there is no `Recipe`, `Containerfile` or `Dockerfile` in \(context)",
            hint: "name the recipe with -f")
    }

    /// The patterns that hold for the main context.
    func ignorePatterns(besides recipe: FilePath?) throws(BuildError) -> IgnorePatterns {
        try patterns(of: ignoreFile(besides: recipe))
    }

    /// The patterns of an ignore file that lies in the context itself.
    func ownIgnorePatterns() throws(BuildError) -> IgnorePatterns { try patterns(of: ownIgnoreFile) }

    private func patterns(of file: FilePath?) throws(BuildError) -> IgnorePatterns {
        guard let path = file else { return IgnorePatterns() }
        let bytes = try read(path, "the ignore file \(path)")
        do {
            return try IgnorePatterns(parsing: bytes)
        } catch {
            throw BuildError(.recipe, error.code, "\(path): \(error.message)", hint: error.hint)
        }
    }

    private func ignoreFile(besides recipe: FilePath?) -> FilePath? {
        if let named = request.ignoreFile { return request.currentDirectory.pushing(named) }
        if let recipe, let name = recipe.lastComponent {
            let beside = recipe.removingLastComponent().appending("\(name.string).dockerignore")
            if exists(beside) { return beside }
        }
        return ownIgnoreFile
    }

    private var ownIgnoreFile: FilePath? {
        context.flatMap { context in Self.ignoreNames.map { context.appending($0) }.first(where: exists) }
    }

    private func exists(_ path: FilePath) -> Bool { path.withPlatformString { access($0, F_OK) } == 0 }

    /// Reads a regular file whole. What would block or never end is refused.
    private func read(_ path: FilePath, _ what: String) throws(BuildError) -> [UInt8] {
        let file = try open(path, what)
        guard try reading(what, { () throws(SyscallError) in try file.status().kind }) == .regular else {
            throw BuildError(.input, "not-a-file", "\(what) is no regular file")
        }
        return try reading(what) { () throws(SyscallError) in try file.readAll(limit: Self.limit) }
    }

    /// Opens a file. One whose path lies in the context must lie there itself: whoever wrote the context does not choose
    /// which other files of this machine are read, and shown where they make no sense.
    private func open(_ path: FilePath, _ what: String) throws(BuildError) -> File {
        let flags = O_RDONLY | O_NONBLOCK
        guard let context, let inside = path.relative(to: context), exists(path) else {
            return try reading(what) { () throws(SyscallError) in try File(opening: path, flags) }
        }
        do throws(SyscallError) {
            return File(try Folder(opening: context).openInRoot(inside, flags))
        } catch  where error.errno == .noSuchFileOrDirectory {
            throw BuildError(
                .input, "link-out-of-context", "\(what) is a link that leads out of the context",
                hint: "name the file that it leads to, with -f or --ignorefile")
        } catch {
            throw BuildError(error, doing: "reading \(what)", kind: .input)
        }
    }

    private func reading<Result: ~Copyable>(
        _ what: String, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch { throw BuildError(error, doing: "reading \(what)", kind: .input) }
    }
}

extension FilePath {
    /// What leads from a folder to this path; `nil` if that is not plain from the text of both.
    fileprivate func relative(to folder: FilePath) -> FilePath? {
        var rest = withoutDots
        guard rest.removePrefix(folder), rest.components.allSatisfy({ $0.kind == .regular }) else { return nil }
        return rest
    }
}
