import Glibc
import Linux
import SystemPackage
import Testing

@Suite("A bit that flips in the store", .needsRoot)
struct DamageTests {
    private static let recipe = """
        FROM busybox
        RUN mkdir /a && echo one >/a/one && ln /a/one /a/two && ln -s one /a/link
        COPY file.txt /file.txt
        RUN --mount=type=cache,target=/c rm /a/one && echo more >>/a/two && chmod 700 /a && rm -rf /c/a && cp -r /a /c
        """

    private func bench() throws -> (Bench, String) {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/file.txt", "first\n")
        return (bench, try expectSuccess(try bench.build(Self.recipe, "-t", "image")))
    }

    /// The store's files that have contents, below its folder. The journal goes by itself after a minute.
    private func files(_ bench: Bench) throws -> [String] {
        let isLasting = "! -path './tmp/*' ! -path './journal/*'"
        return try bench.shell("cd '\(bench.root)'; find . -type f -size +0 \(isLasting) -printf '%P\\n' | sort")
            .split(separator: "\n").map(String.init)
    }

    /// As a disk does it that forgets: the file's time stays what it was.
    private func flip(_ bit: Int64, of name: String, _ bench: Bench) throws {
        let file = try File(opening: bench.root.appending(name), O_RDWR)
        let modified = try file.status().modified
        var byte: UInt8 = 0
        _ = try withUnsafeMutableBytes(of: &byte) { buffer in try file.read(into: buffer, at: bit / 8) }
        byte ^= 1 << UInt8(bit % 8)
        try file.seek(to: bit / 8)
        try file.write([byte])
        try Folder(opening: bench.root).setModified(of: FilePath(name), modified)
    }

    /// Puts the bytes back as they were, in the same file: opening the store may have mended it meanwhile.
    private func restore(_ name: String, _ good: [UInt8], _ bench: Bench) throws {
        let file = try File(opening: bench.root.appending(name), O_RDWR)
        let modified = try file.status().modified
        try file.truncate(to: 0)
        try file.write(good)
        try Folder(opening: bench.root).setModified(of: FilePath(name), modified)
    }

    @Test("is not taken for one where a command made a folder anew, but where that no longer hides what was in it")
    func madeAnew() throws {
        let bench = try Bench()
        try bench.importBase()
        let recipe = """
            FROM busybox
            RUN mkdir -p /a/b/c /d/e && touch /a/1 /a/b/2 /a/b/c/3 /d/4 /d/e/5
            RUN rm -r /a && mkdir -p /a/b && echo new >/a/b/new && rm -r /d/e && mkdir /d/e
            RUN true
            """
        _ = try expectSuccess(try bench.build(recipe, "-t", "image"))
        #expect(try bench.layerbuild("fsck").exitCode == 0)

        let marked = try bench.shell("cd '\(bench.root)/snapshots'; getfattr -hRm overlay.opaque . || true")
        let line = try #require(marked.split(separator: "\n").first { $0.hasSuffix("fs/a") })
        let folder = try #require(line.split(separator: " ").last)
        try bench.shell("setfattr -x trusted.overlay.opaque '\(bench.root)/snapshots/\(folder)'")
        let outcome = try bench.layerbuild("fsck")
        #expect(outcome.exitCode == 6)
        #expect(outcome.output.contains("/a/1 is not what its layer holds"))
    }

    @Test("is not taken for one where a command made a folder anew as it was, but in what it made, and in a new mark")
    func madeAsItWas() throws {
        let bench = try Bench()
        try bench.importBase()
        let recipe = """
            FROM busybox
            RUN mkdir -p /a/b /d /e/f && echo one >/a/1 && echo two >/a/b/2 && touch /d/1
            RUN rm -r /a /e && mkdir -p /a/b /e/f && echo one >/a/1 && echo two >/a/b/2 && touch /d/2
            RUN true
            """
        _ = try expectSuccess(try bench.build(recipe, "-t", "image"))
        #expect(try bench.layerbuild("fsck").exitCode == 0)

        let made = try bench.shell("cd '\(bench.root)'; ls -d snapshots/*/fs/d/2").split(separator: "\n")
        let upper = try #require(made.first?.dropLast(4))
        let folder = "\(bench.root)/\(upper)/d"
        try bench.shell("setfattr -n trusted.overlay.opaque -v y '\(folder)'")
        let marked = try bench.layerbuild("fsck")
        #expect(marked.exitCode == 6 && marked.output.contains("/d/1 is not what its layer holds"), "\(marked)")
        try bench.shell("setfattr -x trusted.overlay.opaque '\(folder)'")
        #expect(try bench.layerbuild("fsck").exitCode == 0)

        try flip(0, of: "\(upper)/a/b/2", bench)
        let outcome = try bench.layerbuild("fsck")
        #expect(outcome.exitCode == 6 && outcome.output.contains("/a/b/2 is not what its layer holds"), "\(outcome)")
    }

    @Test("is found in a hundred places by `fsck`, which names the file", .timeLimit(.minutes(10)))
    func found() throws {
        let (bench, _) = try bench()
        #expect(try bench.layerbuild("fsck").exitCode == 0)
        let files = try files(bench)
        var random = Seeded(seed: 4711)
        for _ in 1...100 {
            let pick = files.randomElement(using: &random)
            let name = try #require(pick)
            let size = try File(opening: bench.root.appending(name)).status().size
            let bit = Int64.random(in: 0..<size * 8, using: &random)
            let good = try File(opening: bench.root.appending(name)).readAll(limit: 1 << 30)
            try flip(bit, of: name, bench)
            let outcome = try bench.layerbuild("fsck")
            #expect(outcome.exitCode == 6, "bit \(bit) of \(name): \(outcome)")
            // Of a snapshot its folder is named.
            let place = name.split(separator: "/").prefix(name.hasPrefix("snapshots/") ? 2 : 9).joined(separator: "/")
            #expect((outcome.output + outcome.error).contains(place), "bit \(bit) of \(name): \(outcome)")
            try restore(name, good, bench)
        }
        let last = try bench.layerbuild("fsck")
        #expect(last.exitCode == 0, "\(last)")
    }

    @Test("keeps builds, containers and copies from what `fsck` has found until it is mended")
    func refused() throws {
        let (bench, digest) = try bench()
        let path = try bench.shell("cd store; find snapshots -name one -type f | head -1 | tr -d '\n'")
        try flip(0, of: path, bench)
        #expect(try bench.layerbuild("fsck").exitCode == 6)
        for command in [["run", "image", "true"], ["copy", "image", "oci:out"]] {
            let outcome = try bench.start(command, in: "context").finish()
            #expect(outcome.exitCode == 6, "\(outcome)")
            #expect(outcome.error.contains("fsck --repair"), "\(outcome)")
        }
        let build = try bench.build(Self.recipe + "\nRUN cp /a/two /b", "-t", "other")
        #expect(build.exitCode == 6, "\(build)")
        #expect(try bench.layerbuild("images").exitCode == 0)
        #expect(try bench.layerbuild("fsck", "--repair").exitCode == 0)
        #expect(try expectSuccess(try bench.build(Self.recipe, "-t", "image")) == digest)
        #expect(try bench.layerbuild("fsck").exitCode == 0)
    }

    @Test("is healed by `fsck --repair` and the next build, or that says what it needs", .timeLimit(.minutes(10)))
    func healed() throws {
        let (bench, digest) = try bench()
        try bench.shell("cp -a store sound")
        let files = try files(bench).filter { !["layerbuild.json", "index.json"].contains($0) }
        var random = Seeded(seed: 815)
        for _ in 1...20 {
            try bench.shell("rm -rf store; cp -a sound store")
            let pick = files.randomElement(using: &random)
            let name = try #require(pick)
            let size = try File(opening: bench.root.appending(name)).status().size
            try flip(Int64.random(in: 0..<size * 8, using: &random), of: name, bench)
            let repair = try bench.layerbuild("fsck", "--repair")
            #expect(repair.exitCode == 0, "\(name): \(repair)")
            let repaired = try bench.layerbuild("fsck")
            #expect(repaired.exitCode == 0, "\(name): \(repair) \(repaired)")
            let build = try bench.build(Self.recipe, "-t", "image", "-o", "type=oci-dir,dest=../out")
            if build.exitCode == 4 {
                // The base itself was hit, and no registry has it: nobody but who has it can bring it back.
                #expect(build.error.contains("busybox"), "\(name): \(build)")
                try bench.importBase()
            }
            #expect(try expectSuccess(try bench.build(Self.recipe, "-t", "image")) == digest, "\(name)")
            let healed = try bench.layerbuild("fsck")
            #expect(healed.exitCode == 0, "\(name): \(healed)")
        }
    }
}
