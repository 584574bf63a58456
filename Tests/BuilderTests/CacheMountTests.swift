import Glibc
import Linux
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("Cache mounts", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct CacheMountTests {
    private let bench: MountBench

    init() throws { bench = try MountBench() }

    private func recipe(_ options: String, _ command: String) -> String {
        "FROM busybox\nRUN --mount=type=cache,target=/cache\(options) \(command)\n"
    }

    @Test("What a step leaves in a cache is there in the next build, and in no layer")
    func persistence() async throws {
        let first = try await bench.build(recipe("", "echo kept >/cache/file"))
        #expect(first.layers.count == 1)
        let second = try await bench.build(recipe("", "cat /cache/file"))
        #expect(second.output == "kept\n")
        let other = try await bench.build(recipe(",id=other", "ls /cache"))
        #expect(other.output.isEmpty)
    }

    @Test("A new cache has the mode and the owners that it was asked to have")
    func owners() async throws {
        let made = try await bench.build(recipe(",mode=0751,uid=5,gid=6", "stat -c '%a %u %g' /cache"))
        #expect(made.output == "751 5 6\n")
    }

    @Test("A build that asks no cache begins with new caches where the recipe says what they look like")
    func uncached() async throws {
        for (options, kept) in [("", "first\n"), (",mode=0751", ""), (",uid=0", ""), (",gid=0", "")] {
            _ = try await bench.build(recipe("\(options),id=\(options.count)", "touch /cache/first"))
            let second = try await bench.build(recipe("\(options),id=\(options.count)", "ls /cache")) {
                $0.useCache = false
            }
            #expect(second.output == kept, "\(options)")
        }
    }

    @Test("It does so once: steps of one build share what they began anew")
    func uncachedOnce() async throws {
        let mount = "RUN --mount=type=cache,target=/cache,mode=0700"
        let made = try await bench.build("FROM busybox\n\(mount) touch /cache/first\n\(mount) ls /cache\n") {
            $0.useCache = false
        }
        #expect(made.output == "first\n")
    }

    @Test("It takes no cache away from a build that is using it, and begins with another")
    func uncachedWhileUsed() async throws {
        _ = try await bench.build(recipe(",mode=0700", "touch /cache/first"))
        let lock = try hold(.shared)
        let mount = "RUN --mount=type=cache,target=/cache,mode=0700"
        let second = try await bench.build("FROM busybox\n\(mount) touch /cache/second\n\(mount) ls /cache\n") {
            $0.useCache = false
        }
        #expect(second.output == "second\n")
        _ = consume lock
        let third = try await bench.build(recipe(",mode=0700", "ls /cache; echo again"))
        #expect(third.output == "first\nagain\n")
    }

    @Test("A read-only cache cannot be written to")
    func readOnly() async throws {
        let made = try await bench.build(recipe(",ro", "touch /cache/file || echo refused"))
        #expect(made.output.contains("refused"))
    }

    @Test("A cache starts with the files of a stage, and keeps what becomes of them")
    func seeded() async throws {
        let stages = "FROM busybox AS seed\nRUN mkdir -p /s/d && echo seed >/s/d/file && chown -R 7:8 /s\n"
        let mount = "RUN --mount=type=cache,target=/cache,from=seed,source=/s"
        let first = try await bench.build(
            "\(stages)FROM busybox\n\(mount) stat -c '%u %g' /cache/d/file; echo more >>/cache/d/file\n")
        #expect(first.output == "7 8\n")
        let second = try await bench.build("\(stages)FROM busybox\n\(mount) cat /cache/d/file\n")
        #expect(second.output == "seed\nmore\n")
    }

    @Test("A link that a step left in a cache leads nowhere outside of it")
    func escape() async throws {
        _ = try await bench.build(recipe("", "ln -s /etc /cache/link"))
        let error = try await bench.failure(of: recipe(",source=link", "cat /cache/passwd"))
        #expect(error.code == "system")
    }

    /// The lock that a step in another build would hold.
    private func hold(_ mode: FileLock.Mode) throws -> FileLock {
        let name = try #require(try bench.images.names(in: "store/mounts").first)
        let folder = try Folder(opening: bench.images.appending("store/mounts/\(name)/0"))
        let lock = try FileLock.attempt(try folder.open(".", O_RDONLY | O_DIRECTORY), mode)
        guard let lock else { throw MountBench.Unexpected() }
        return lock
    }

    @Test("Who wants a cache alone waits for whoever has it, and lets go when asked to")
    func locked() async throws {
        _ = try await bench.build(recipe("", "touch /cache/first"))
        let lock = try hold(.shared)
        let shared = try await bench.build(recipe("", "ls /cache"))
        #expect(shared.output == "first\n")

        let interruption = try Interruption()
        interruption.request()
        let error = try await bench.failure(
            of: recipe(",sharing=locked", "echo never"), interruption: interruption)
        #expect(error.code == "interrupted")
        _ = consume lock
        let after = try await bench.build(recipe(",sharing=locked", "ls /cache; echo alone"))
        #expect(after.output == "first\nalone\n")
    }

    @Test("Two steps that want a cache alone have it one after the other")
    func exclusion() async throws {
        let step = """
            RUN --mount=type=cache,target=/cache,sharing=locked \
            for i in $(seq 100); do mkdir /cache/held || exit 1; rmdir /cache/held || exit 1; done; echo done >/made
            """
        let made = try await bench.build(
            """
            FROM busybox AS a
            \(step)
            FROM busybox AS b
            \(step)
            FROM busybox
            COPY --from=a /made /a
            COPY --from=b /made /b
            """)
        #expect(made.layers.count == 3)
    }

    @Test("Who shares with nobody gets another folder while the first is taken")
    func alone() async throws {
        _ = try await bench.build(recipe("", "touch /cache/first"))
        let lock = try hold(.shared)
        let other = try await bench.build(recipe(",sharing=private", "ls /cache; touch /cache/second"))
        #expect(other.output.isEmpty)
        _ = consume lock
        let first = try await bench.build(recipe(",sharing=private", "ls /cache; echo again"))
        #expect(first.output == "first\nagain\n")
    }

    @Test("A step may mount one cache at two places, in whatever way")
    func twice() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=cache,id=x,target=/one,sharing=locked --mount=type=cache,id=x,target=/two \
                echo same >/one/file && cat /two/file
            """)
        #expect(made.output == "same\n")
    }

    /// What a check finds, and how many cache mounts it had nothing to compare with. Takes no listing.
    private func check() throws -> (faults: [FilePath], unlisted: Int) {
        let names = try bench.images.names(in: "store/mounts").flatMap { id in
            try bench.images.names(in: "store/mounts/\(id)").map { "store/mounts/\(id)/\($0)" }
        }
        let unlisted = try names.count { try !bench.images.names(in: $0).contains("listing") }
        return (try StoreCheck(bench.images.store).faults(damaged: []).map(\.path), unlisted)
    }

    private func expectListed() throws {
        let found = try check()
        #expect(found.faults.isEmpty)
        #expect(found.unlisted == 0)
    }

    @Test("When a build is over, every bit that flips in what its steps left in caches is found")
    func listed() async throws {
        _ = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=cache,target=/c mkdir /c/d && echo one >/c/d/file && ln -s d /c/link
            RUN --mount=type=cache,target=/c --mount=type=cache,id=e,target=/e echo two >>/c/d/file; seq 9000 >/e/big
            """)
        #expect(try check().unlisted == 0)
        #expect(try check().faults.isEmpty)
        let files = try bench.images.shell("cd '\(bench.images.path)/store'; find mounts -path '*/fs/*' -type f | sort")
            .split(separator: "\n").map(String.init)
        #expect(files.count == 2)
        for file in files {
            let path = bench.images.appending("store/\(file)")
            let good = try File(opening: path).readAll(limit: 1 << 20)
            var bad = good
            bad[good.count / 2] ^= 4
            try File(opening: path, O_WRONLY).write(bad)
            #expect(try check().faults == [FilePath(file)])
            try File(opening: path, O_WRONLY).write(good)
        }
        #expect(try check().faults.isEmpty)
    }

    @Test("So it is when a step failed, and when a later step wrote to the cache")
    func listedAfterFailure() async throws {
        _ = try await bench.build(recipe("", "echo kept >/cache/file"))
        _ = try await bench.failure(of: recipe("", "echo more >>/cache/file; exit 1"))
        try expectListed()
        _ = try await bench.build(recipe("", "echo last >>/cache/file"))
        try expectListed()
    }

    @Test("What another build still has is that build's to vouch for")
    func listedByTheLast() async throws {
        _ = try await bench.build(recipe("", "touch /cache/first"))
        let lock = try hold(.shared)
        _ = try await bench.build(recipe("", "touch /cache/second"))
        #expect(try check().faults.isEmpty)
        #expect(try check().unlisted == 1)
        _ = consume lock
        _ = try await bench.build(recipe("", "touch /cache/third"))
        try expectListed()
    }
}
