import Layers
import OCI
import Store
import Testing

@testable import Builder

@Suite("Squashing", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct SquashTests {
    private let bench: MountBench
    private let recipe = """
        FROM busybox
        RUN mkdir -p /d/deep && echo 1 >/d/one && echo 2 >/d/two && ln -s two /d/link && touch -d @1600000000 /d/two
        RUN rm /d/one /bin/wget && ln /d/two /d/three && chmod 700 /root
        RUN echo x >/tmp/x && mkdir /gone && echo y >/gone/y
        RUN rm -r /tmp/x /gone /bin/vi && mkdir /bin/vi && echo z >/bin/vi/z
        ENV A=b
        """

    init() throws { bench = try MountBench() }

    private func build(_ recipe: String, _ squash: Squash) async throws -> MountBench.Made {
        try await bench.build(recipe) {
            $0.squash = squash
            $0.outputs = [Output(form: .tar, destination: .path(bench.images.appending("files.tar")))]
        }
    }

    /// The files of the image that was built last; folders without their times, which only a command's own traces set.
    private func files() throws -> String {
        try bench.images.shell(
            "tar -tvf files.tar --full-time --numeric-owner | sed -E '/^d/s/[0-9-]{10} [0-9:]{8}/-/' && rm files.tar")
    }

    /// The last layer's names, in their order.
    private func names(_ made: MountBench.Made) throws -> [String] {
        try #require(made.layers.last).split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst(5).first.map(String.init)
        }
    }

    @Test("makes one layer of the new ones, with nothing that a later step removed")
    func newLayers() async throws {
        let plain = try await build(recipe, .nothing)
        let wanted = try files()
        let made = try await build(recipe, .newLayers)
        #expect(plain.layers.count == 5 && made.layers.count == 2)
        #expect(try files() == wanted)
        #expect(made.image.layers[0] == plain.image.layers[0])
        #expect(
            try names(made) == [
                "bin/", "bin/.wh.wget", "bin/vi/", "bin/vi/z", "d/", "d/deep/", "d/link", "d/three", "d/two", "root/",
            ])
    }

    @Test("makes one layer of everything, without a single whiteout")
    func everything() async throws {
        _ = try await build(recipe, .nothing)
        let wanted = try files()
        let made = try await build(recipe, .everything)
        #expect(made.layers.count == 1)
        #expect(try files() == wanted)
        #expect(made.layers[0].contains(".wh.") == false)
    }

    @Test("keeps every line of history, and gives the layer a line of its own")
    func history() async throws {
        for (squash, full) in [(Squash.newLayers, 2), (.everything, 1)] {
            let made = try await build(recipe, squash)
            let bytes = try bench.images.shell("cat '\(bench.images.store.blobs.path(of: made.image.config.digest))'")
            let config = try ImageConfig(parsing: Array(bytes.utf8))
            #expect(config.history.count { !$0.emptyLayer } == full)
            #expect(config.history.last?.createdBy == "squash")
            #expect(config.history.contains { $0.createdBy == "ENV A=b" })
            #expect(config.diffIDs == made.image.diffIDs)
        }
    }

    @Test("gives the same image again, from what it made before")
    func repeated() async throws {
        let first = try await build(recipe, .newLayers)
        let second = try await build(recipe, .newLayers)
        #expect(first.image == second.image)
    }

    @Test("leaves a recipe that adds no layer alone, and takes layers that cancel each other away")
    func nothing() async throws {
        #expect(try await build("FROM busybox\nENV A=b\n", .newLayers).layers.count == 1)
        let made = try await build("FROM busybox\nRUN echo x >/x\nRUN rm /x\n", .newLayers)
        #expect(made.layers.count == 1)
    }

    @Test("works on nothing but what a recipe itself makes")
    func scratch() async throws {
        let recipe = "FROM scratch\nCOPY <<END /a\nx\nEND\nCOPY <<END /b\ny\nEND\n"
        let one = try await build(recipe, .newLayers)
        let other = try await build(recipe, .everything)
        #expect(one.layers.count == 1)
        #expect(one.image.diffIDs == other.image.diffIDs)
    }
}
