import SystemPackage
import Testing

/// The recipes worth keeping, built as a person would, and given to the tools that people have.
@Suite("Images of the recipes", .needsRoot, .serialized)
struct RecipeImagesTests {
    /// Each recipe after those whose images it stands on, with the name of its own.
    private static let recipes = [
        ("busybox", "busybox:latest"), ("debian", "debian:bookworm"), ("every-instruction", "every-instruction"),
        ("static-site", "static-site"), ("hello-c", "hello-c"), ("python-web", "python-web"),
    ]

    /// One bench for all: the bases are made once, and the second compression finds every step in the cache.
    @Test("are read and run by skopeo, podman, umoci, runc and docker", .timeLimit(.minutes(20)))
    func everyTool() throws {
        let bench = try Bench()
        let repository = Bench.repository.string
        try bench.shell("cp -r \(repository)/Recipes recipes && recipes/busybox/prepare >log 2>&1")
        try bench.shell("recipes/debian/prepare >log 2>&1")
        for (recipe, name) in Self.recipes {
            try bench.shell(
                "\(Bench.program) -q -f recipes/\(recipe)/Recipe -t \(name) -o \(recipe).tar recipes/\(recipe)")
            try bench.shell(
                """
                \(Bench.program) -q --compression gzip -f recipes/\(recipe)/Recipe -t \(name) -o \(recipe).gz.tar \
                recipes/\(recipe)
                """)
        }

        for (recipe, _) in Self.recipes {
            try readsZstd(recipe, on: bench)
            try readsGzip(recipe, on: bench)
        }
        try docker(on: bench)
        try bench.oracle("forget")
    }

    /// What reads the default tarball.
    private func readsZstd(_ recipe: String, on bench: Bench) throws {
        #expect(try bench.oracle("skopeo_inspect \(recipe).tar --raw").contains("tar+zstd"), "\(recipe)")
        try bench.oracle("skopeo_layout \(recipe).tar \(recipe).layout")
        try bench.oracle("check podman_run \(recipe) \(recipe).tar")
    }

    /// What reads gzip only, or too.
    private func readsGzip(_ recipe: String, on bench: Bench) throws {
        #expect(try bench.oracle("skopeo_inspect \(recipe).gz.tar --raw").contains("tar+gzip"), "\(recipe)")
        try bench.oracle("skopeo_inspect_docker \(recipe).gz.tar")
        try bench.oracle("check umoci_run \(recipe) \(recipe).gz.tar")
        try bench.oracle("check podman_run \(recipe) \(recipe).gz.tar")
    }

    private func docker(on bench: Bench) throws {
        let checks = Self.recipes.map { "check docker_run \($0.0) \($0.0).gz.tar" }.joined(separator: " && ")
        try bench.oracle("with_docker bash -c '. \(Bench.oracles) && \(checks)'")
    }
}

extension Bench {
    /// Other people's tools as shell functions.
    fileprivate static var oracles: String { "\(repository)/Tests/EndToEndTests/oracles.sh" }

    /// Runs a function of theirs, with everything it keeps in the bench; returns what it printed.
    @discardableResult
    fileprivate func oracle(_ call: String) throws -> String {
        try shell("export ORACLES=\(path)/oracles; mkdir -p $ORACLES; . \(Self.oracles); \(call)")
    }
}
