import Frontend
import OCI
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

@Suite("Annotations as typed")
struct AnnotationOptionTests {
    private static let platform = Platform(os: "linux", architecture: "amd64")

    private func request(_ texts: [String], for platforms: [Platform]) throws -> BuildRequest {
        var request = BuildRequest(context: .empty, currentDirectory: "/", startedAt: 0)
        request.platforms = platforms
        for text in texts { try AnnotationOption(text).add(to: &request) }
        return request
    }

    private func annotations(_ texts: String...) throws -> ImageAnnotations {
        try request(texts, for: [Self.platform]).annotations[Self.platform] ?? ImageAnnotations()
    }

    @Test("are the manifest's, or what their types say")
    func places() throws {
        #expect(try annotations("a=1", "b=2=3").document == ["a": "1", "b": "2=3"])
        #expect(try annotations("manifest-descriptor:a=").descriptor == ["a": ""])
        let both = try annotations("manifest,manifest-descriptor:org.example/a=1:2")
        #expect(both.document == ["org.example/a": "1:2"])
        #expect(both.descriptor == both.document)
    }

    @Test("for a platform hold for that platform alone")
    func platforms() throws {
        let some = try annotations("manifest[linux/amd64]:a=1", "manifest[linux/arm64]:b=2")
        #expect(some.document == ["a": "1"])
    }

    @Test("for an index go with images for several platforms")
    func index() throws {
        let arm = Platform(os: "linux", architecture: "arm64")
        let texts = ["index:a=1", "index-descriptor:b=2", "manifest[linux/arm64]:c=3", "d=4"]
        let request = try request(texts, for: [Self.platform, arm])
        #expect(request.indexAnnotations.document == ["a": "1"])
        #expect(request.indexAnnotations.descriptor == ["b": "2"])
        #expect(request.annotations[Self.platform]?.document == ["d": "4"])
        #expect(request.annotations[arm]?.document == ["c": "3", "d": "4"])
        #expect(failure { _ = try self.request(["index[linux/arm64]:a=1"], for: [Self.platform, arm]) } != nil)
    }

    @Test(
        "that make no sense say why",
        arguments: [
            ("a", "`--annotation a` has no value"), ("=1", "`--annotation =1` has no name"),
            ("manifest:=1", "`--annotation manifest:=1` has no name"),
            ("manifst:a=1", "`--annotation` does not take `manifst`"),
            ("index:a=1", "`--annotation index:` has nothing to stand on"),
            ("manifest[linux/amd64:a=1", "`manifest[linux/amd64` in `--annotation` has a bracket"),
            ("manifest[]:a=1", "`` is no platform"),
        ])
    func nonsense(text: String, message: String) {
        let failure = failure { _ = try annotations(text) }
        #expect(failure?.exitCode == .usage)
        #expect(failure?.diagnostic.message.hasPrefix(message) == true, "\(failure?.diagnostic.message ?? "")")
    }

    @Test("and squashing reach the build")
    func request() throws {
        let scene = try Scene()
        #expect(try scene.request("--squash", "--annotation", "a=1").squash == .newLayers)
        let all = try scene.request("--squash-all", "--annotation", "manifest-descriptor:a=1")
        #expect(all.squash == .everything)
        #expect(all.annotations[.host]?.descriptor == ["a": "1"])
        #expect(try scene.request().squash == .nothing)
        let both = failure { _ = try scene.request("--squash", "--squash-all") }
        #expect(both?.exitCode == .usage)
    }
}
