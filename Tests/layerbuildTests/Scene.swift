import ArgumentParser
import Frontend
import Glibc
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

/// A folder of a test's own, removed with it, and what a command would find around it.
final class Scene {
    let folder: FilePath

    init() throws {
        var template = Array("/tmp/layerbuild-command-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template).map { String(cString: $0) })
        folder = FilePath(made)
    }

    deinit {
        for name in names.reversed() where name.withPlatformString({ unlink($0) }) != 0 {
            _ = name.withPlatformString { rmdir($0) }
        }
        _ = folder.withPlatformString { rmdir($0) }
    }

    private var names: [FilePath] = []

    func makeFolder(_ name: String) {
        let path = folder.appending(name)
        _ = path.withPlatformString { mkdir($0, 0o755) }
        names.append(path)
    }

    func makeFile(_ name: String, holding bytes: [UInt8] = []) {
        let path = folder.appending(name)
        let number = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
        _ = write(number, bytes, bytes.count)
        close(number)
        names.append(path)
    }

    func surroundings(_ variables: [String: String] = [:], showsOutput: Bool = false) -> Surroundings {
        Surroundings(
            variable: { variables[$0] }, currentDirectory: folder, now: 1_700_000_000, processors: 3,
            isSuperuser: false,
            showsOutput: showsOutput)
    }

    /// What a command line asks for, in this folder.
    func request(
        _ arguments: String..., context: String = "app", environment: [String: String] = [:]
    ) throws -> BuildRequest {
        makeFolder("app")
        let options = try BuildOptions.parse(arguments)
        return try options.request(for: context, in: surroundings(environment))
    }
}

/// The steps of a recipe as a plan calls them.
func headings(_ recipe: String) throws -> [StepHeading] {
    let parsed = try RecipeFile.parse(RecipeSource(name: "Recipe", text: recipe))
    guard case .graph(let graph) = try Planner.plan(parsed, PlanOptions(), bases: [:]) else { return [] }
    return graph.steps.map(StepHeading.init)
}

/// What a body throws as a failure.
func failure(_ body: () throws -> Void) -> Failure? {
    do {
        try body()
        return nil
    } catch {
        return Failure(any: error)
    }
}
