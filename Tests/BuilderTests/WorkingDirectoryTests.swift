import Testing

@testable import Builder

@Suite("The folder that a command starts in", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct WorkingDirectoryTests {
    @Test("is made again if a step has removed it, with those above it, and is part of the layer")
    func removed() async throws {
        let made = try await MountBench().build(
            """
            FROM busybox
            WORKDIR /srv/deep
            RUN rm -r /srv
            RUN pwd
            """)
        #expect(made.output == "/srv/deep\n")
        let last = try #require(made.layers.last)
        #expect(last.contains("drwxr-xr-x 0/0") && last.contains(" srv/deep/"), "\(last)")
    }

    @Test("is looked for along links that stay in the image")
    func link() async throws {
        let made = try await MountBench().build(
            """
            FROM busybox
            RUN mkdir /real && ln -s / /link
            WORKDIR /link/real/new
            RUN rmdir /real/new
            RUN pwd -P
            """)
        #expect(made.output == "/real/new\n")
    }
}
