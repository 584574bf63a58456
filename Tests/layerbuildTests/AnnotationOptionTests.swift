import Frontend
import OCI
import Testing

@testable import Builder
@testable import layerbuild

@Suite("Annotations as typed")
struct AnnotationOptionTests {
    private func annotations(_ texts: String...) throws -> ImageAnnotations {
        var annotations = ImageAnnotations()
        for text in texts {
            try AnnotationOption(text).add(to: &annotations, for: Platform(os: "linux", architecture: "amd64"))
        }
        return annotations
    }

    @Test("are the manifest's, or what their types say")
    func places() throws {
        #expect(try annotations("a=1", "b=2=3").manifest == ["a": "1", "b": "2=3"])
        #expect(try annotations("manifest-descriptor:a=").descriptor == ["a": ""])
        let both = try annotations("manifest,manifest-descriptor:org.example/a=1:2")
        #expect(both.manifest == ["org.example/a": "1:2"])
        #expect(both.descriptor == both.manifest)
    }

    @Test("for a platform hold for that platform alone")
    func platforms() throws {
        let some = try annotations("manifest[linux/amd64]:a=1", "manifest[linux/arm64]:b=2")
        #expect(some.manifest == ["a": "1"])
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
        #expect(all.annotations.descriptor == ["a": "1"])
        #expect(try scene.request().squash == .nothing)
    }
}
