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

    @Test("belongs, where it is made again, to whom the command runs as")
    func owner() async throws {
        let made = try await MountBench().build(
            """
            FROM busybox
            WORKDIR /srv/deep
            RUN rm -r /srv
            USER 1000:50
            RUN touch file
            """)
        let entries = try #require(made.layers.last).split(separator: "\n")
        for name in [" srv/", " srv/deep/", " srv/deep/file"] {
            #expect(entries.contains { $0.contains(" 1000/50 ") && $0.hasSuffix(name) }, "\(entries)")
        }
    }

    @Test("belongs to USER where WORKDIR makes it: a number's group is that of the same number")
    func workdir() async throws {
        let made = try await MountBench().build("FROM busybox\nUSER 1000\nWORKDIR /srv\nUSER stranger\nWORKDIR /own\n")
        let own = Array(made.layers.suffix(2))
        #expect(own[0].contains("drwxr-xr-x 1000/1000") && own[1].contains("drwxr-xr-x 0/0"), "\(own)")
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
