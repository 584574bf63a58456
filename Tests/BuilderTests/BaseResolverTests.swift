import Frontend
import OCI
import Store
import Testing

@testable import Builder

@Suite("BaseResolver")
struct BaseResolverTests {
    private let bench: ImageBench
    private let platform = Platform(os: "linux", architecture: "amd64")

    init() throws {
        bench = try ImageBench()
        var layout = FakeLayout()
        layout.setIndex([layout.addImage()])
        try bench.write("image.tar", layout.archive())
    }

    private func resolve(_ name: String, _ contexts: ExactMap<ImageSource> = [:]) throws -> BaseImage {
        try BaseResolver(store: bench.store, contexts: contexts, threads: 2)
            .resolve(BaseRequirement(name: name, platform: platform))
    }

    @Test("A name is looked up as Docker would complete it")
    func stored() throws {
        let image = try bench.importer.importImage(
            from: .path(bench.appending("image.tar")), named: Reference("debian:12").map { [$0] } ?? [])
        for name in ["debian:12", "docker.io/library/debian:12", "debian@\(image.root.digest)"] {
            let base = try resolve(name)
            #expect(base.name == name)
            #expect(base.layers == image.base.layers)
        }
    }

    @Test("A context of the name comes first, and leaves no name behind")
    func context() throws {
        let contexts: ExactMap<ImageSource> = ["base": .path(bench.appending("image.tar"))]
        #expect(try resolve("base", contexts).layers.count == 1)
        #expect(try resolve("docker.io/library/base:latest", contexts).layers.count == 1)
        #expect(try bench.store.names.list().isEmpty)
    }

    @Test("A name that is nowhere is an error that says what to do")
    func unknown() throws {
        _ = try bench.importer.importImage(
            from: .path(bench.appending("image.tar")), named: Reference("debian:12").map { [$0] } ?? [])
        let error = #expect(throws: Diagnostic.self) { try resolve("debain:12") }
        #expect(error?.hint == "bring it in with `layerbuild import PATH -t debain:12`")
        #expect(error?.notes.map(\.message) == ["the store has `debian:12`"])
        #expect(throws: Diagnostic.self) { try resolve("Not A Name") }
    }
}
