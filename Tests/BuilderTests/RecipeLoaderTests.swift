import Frontend
import Glibc
import OCI
import SystemPackage
import Testing

@testable import Builder

@Suite("RecipeLoader")
struct RecipeLoaderTests {
    private let bench: ImageBench
    private let context: FilePath

    init() throws {
        bench = try ImageBench()
        context = bench.appending("context")
        try #require(mkdir(context.string, 0o755) == 0)
        try bench.write("secret", Array("root:hash".utf8))
    }

    private func loader(_ recipe: RecipeLocation = .inContext) -> RecipeLoader {
        var request = BuildRequest(context: .folder(context), currentDirectory: context, startedAt: 0)
        request.recipe = recipe
        return RecipeLoader(request: request, context: context)
    }

    private func link(_ name: String, to target: String) throws {
        try #require(symlink(target, context.appending(name).string) == 0)
    }

    /// The code of what is thrown.
    private func refusal(_ body: () throws(BuildError) -> Void) -> String? {
        do { try body() } catch { return error.code }
        return nil
    }

    @Test("A recipe that is a link within the context is read", arguments: ["real/file", "./real/../real/file"])
    func linkWithin(target: String) throws {
        try #require(mkdir(context.appending("real").string, 0o755) == 0)
        try bench.write("context/real/file", Array("FROM scratch".utf8))
        try link("Dockerfile", to: target)
        #expect(try loader().load().source.bytes == Array("FROM scratch".utf8))
    }

    @Test("A recipe that is a link out of the context is not read", arguments: [true, false])
    func linkOut(isNamed: Bool) throws {
        try link("Dockerfile", to: "../secret")
        let loader = loader(isNamed ? .file("./Dockerfile") : .inContext)
        #expect(refusal { () throws(BuildError) in _ = try loader.load() } == "link-out-of-context")
    }

    @Test("Nor is one that lies behind a folder that is such a link")
    func folderOut() throws {
        try link("out", to: "..")
        #expect(
            refusal { () throws(BuildError) in _ = try loader(.file("out/secret")).load() } == "link-out-of-context")
    }

    @Test("A recipe outside the context is the caller's own word, and may be a link")
    func outside() throws {
        try #require(symlink("secret", bench.appending("named").string) == 0)
        #expect(try loader(.file("../named")).load().source.bytes == Array("root:hash".utf8))
    }

    @Test(
        "An ignore file that is a link out of the context is not read", arguments: [".dockerignore", "R.dockerignore"])
    func ignoreFile(name: String) throws {
        try link(name, to: "../secret")
        #expect(
            refusal { () throws(BuildError) in _ = try loader().ignorePatterns(besides: context.appending("R")) }
                == "link-out-of-context")
    }
}
