import Glibc
import Linux
import SystemPackage
import Testing

@Suite("A store with images in it", .needsRoot)
struct StoreCommandTests {
    private static let recipe = """
        FROM busybox
        RUN mkdir -p /srv/data && echo one >/srv/data/one && echo two >/srv/data/two
        COPY file.txt /srv/file.txt
        RUN rm /srv/data/one && chmod 600 /srv/data/two && ln -s data/two /srv/link
        ENV WORD=here
        """

    private func bench(tag: String = "shop/web:1") throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/file.txt", "first\n")
        try expectSuccess(try bench.build(Self.recipe, "-t", tag))
        return bench
    }

    private func succeed(_ bench: Bench, _ arguments: String...) throws -> String {
        let outcome = try bench.start(arguments).finish()
        try #require(outcome.exitCode == 0, "\(outcome)")
        return outcome.output
    }

    @Test("tells what it takes, to the byte that du counts")
    func usage() throws {
        let bench = try bench()
        let told = try succeed(bench, "du", "--json")
        try bench.write("usage.json", told)
        let counted = try bench.shell("du -s --block-size=1 '\(bench.root)' | cut -f1")
        #expect(try bench.shell("jq .total usage.json") == counted)
        #expect(try bench.shell("jq -r '[.kinds[].kind] | join(\" \")' usage.json").hasPrefix("blobs snapshots cache"))
        #expect(try succeed(bench, "du").contains("snapshots"))
    }

    @Test("lists, names and forgets images")
    func names() throws {
        let bench = try bench()
        try expectSuccess(try bench.layerbuild("tag", "shop/web:1", "shop/web:latest", "other"))
        #expect(
            try succeed(bench, "images", "-q") == "busybox:latest\nother:latest\nshop/web:1\nshop/web:latest\n")
        try bench.write("images.json", try succeed(bench, "images", "--json"))
        #expect(try bench.shell("jq -r '[.[].digest] | unique | length' images.json") == "2")
        #expect(try succeed(bench, "rm", "shop/web:1", "other") == "shop/web:1\nother:latest\n")
        #expect(try succeed(bench, "images", "-q") == "busybox:latest\nshop/web:latest\n")
        expectFailure(try bench.layerbuild("rm", "shop/wed"), exit: 3, saying: "no-image", "shop/web:latest")
        expectFailure(try bench.layerbuild("tag", "nothing", "a"), exit: 3, saying: "no-image")
    }

    @Test("shows what an image says of itself")
    func inspection() throws {
        let bench = try bench()
        #expect(try succeed(bench, "inspect", "-f", ".config.Env[1]", "shop/web:1") == "WORD=here\n")
        try bench.write("inspect.json", try succeed(bench, "inspect", "shop/web:1"))
        #expect(try bench.shell("jq '.layers | length' inspect.json") == "4")
        #expect(try bench.shell("jq -r '.manifest.layers[0].digest == .layers[0].digest' inspect.json") == "true")
        #expect(try bench.shell("jq -r .names[0] inspect.json") == "docker.io/shop/web:1")
        let digest = try bench.shell("jq -r .digest inspect.json")
        #expect(try succeed(bench, "inspect", "-f", ".digest", digest) == digest + "\n")
        try bench.write("history.json", try succeed(bench, "history", "--json", "shop/web:1"))
        #expect(try bench.shell("jq -r '.[0].created_by' history.json").contains("WORD=here"))
        #expect(try bench.shell("jq -r '[.[] | select(.empty_layer | not)] | length' history.json") == "4")
        #expect(try succeed(bench, "history", "shop/web:1").contains("COPY file.txt"))
        expectFailure(try bench.layerbuild("inspect", "shop/wed:1"), exit: 3, saying: "did you mean `shop/web:1`?")
    }

    @Test("lets one look into an image as into a folder")
    func files() throws {
        let bench = try bench()
        let listing = try succeed(bench, "ls", "shop/web:1", "/srv")
        #expect(listing.split(separator: "\n").count == 4, "\(listing)")
        #expect(listing.contains("/srv/link -> data/two"))
        try bench.write("files.json", try succeed(bench, "ls", "-r", "--json", "shop/web:1", "/srv"))
        #expect(
            try bench.shell("jq -r '.[].path' files.json")
                == "/srv/data\n/srv/data/two\n/srv/file.txt\n/srv/link")
        #expect(try bench.shell("jq -r '.[1].mode' files.json") == "0600")
        #expect(try succeed(bench, "cat", "shop/web:1", "/srv/link") == "two\n")
        #expect(try succeed(bench, "cat", "shop/web:1", "srv/file.txt") == "first\n")
        expectFailure(try bench.layerbuild("cat", "shop/web:1", "/srv/data/one"), exit: 3, saying: "no-file")
        expectFailure(try bench.layerbuild("cat", "shop/web:1", "/srv"), exit: 3, saying: "no-file")
        // Files that were never in the store: the same words look into an archive.
        #expect(try succeed(bench, "ls", "../base.tar", "/bin/busybox").contains("/bin/busybox"))
    }

    @Test("shows the tree that umoci unpacks")
    func sameTree() throws {
        let bench = try bench()
        let flags = ["--compression", "gzip", "-o", "type=oci-dir,dest=../layout"]
        try expectSuccess(
            try bench.start(try bench.buildArguments(Self.recipe, flags + ["-t", "shop/web:1"])).finish())
        try bench.shell("umoci unpack --image layout:1 unpacked")
        try bench.write("files.json", try succeed(bench, "ls", "-r", "--json", "shop/web:1"))
        let ours = try bench.shell(
            "jq -r '.[] | select(.kind != \"folder\") | \"\\(.path) \\(.mode)\"' files.json | sort")
        let theirs = try bench.shell("cd unpacked/rootfs; find . ! -type d -printf '/%P 0%m\\n' | sort")
        #expect(ours == theirs)
    }

    @Test("shows what differs between two images")
    func difference() throws {
        let bench = try bench()
        try bench.write("context/file.txt", "second, and longer\n")
        try expectSuccess(try bench.build(Self.recipe + "\nRUN rm /srv/link && touch /new\n", "-t", "shop/web:2"))
        let text = try succeed(bench, "diff", "shop/web:1", "shop/web:2")
        #expect(text.contains("1 added, 1 changed, 1 removed, +13 B"), "\(text)")
        try bench.write("diff.json", try succeed(bench, "diff", "--json", "shop/web:1", "shop/web:2"))
        #expect(
            try bench.shell("jq -r '.[] | \"\\(.change) \\(.path) \\(.growth)\"' diff.json")
                == "added /new 0\nchanged /srv/file.txt 13\nremoved /srv/link 0")
        #expect(try succeed(bench, "diff", "shop/web:1", "shop/web:1") == "no file differs\n")
    }

    @Test("gives back what nothing needs, and what a name needs stays")
    func prune() throws {
        let bench = try bench()
        let digest = try succeed(bench, "inspect", "-f", ".digest", "shop/web:1")
        let whatIf = try succeed(bench, "prune", "-a", "--dry-run")
        #expect(whatIf.contains("would free"), "\(whatIf)")
        _ = try succeed(bench, "prune", "-a")
        #expect(try succeed(bench, "du").contains("snapshots"))
        #expect(
            try bench.shell(
                "ls '\(bench.root)/snapshots' '\(bench.root)/cache/1/keys' | grep -c '[0-9a-f]\\{64\\}' || true") == "0"
        )
        #expect(try succeed(bench, "cat", "shop/web:1", "/srv/file.txt") == "first\n")
        #expect(try succeed(bench, "fsck").contains("all is as it was written"))
        // Everything is made again, to the same image.
        #expect(try expectSuccess(try bench.build(Self.recipe, "-t", "again")) + "\n" == digest)

        _ = try succeed(bench, "rm", "shop/web:1", "again")
        let before = try bench.shell("du -s --block-size=1 '\(bench.root)' | cut -f1")
        try bench.write("prune.json", try succeed(bench, "prune", "--max-size", "0", "--json"))
        let after = try bench.shell("du -s --block-size=1 '\(bench.root)' | cut -f1")
        #expect(try #require(Int(after)) < #require(Int(before)))
        #expect(try succeed(bench, "images", "-q") == "busybox:latest\n")
        #expect(try bench.shell("jq -r '[.removed[].kind] | unique | join(\",\")' prune.json").contains("record"))
        #expect(try bench.names(in: "store/blobs/sha256").count == 3)
    }

    @Test("never loses a layer to a prune that runs at the same time", .timeLimit(.minutes(10)))
    func race() throws {
        let bench = try bench()
        for round in 1...6 {
            try bench.write("context/file.txt", "round \(round)\n")
            let arguments = try bench.buildArguments(
                Self.recipe, ["-o", "type=oci-dir,dest=../out\(round)", "-t", "r\(round)"])
            let build = try bench.start(arguments)
            let prunes = try (1...3).map { _ in try bench.start(["prune", "-a"]) }
            let outcome = try build.finish()
            #expect(outcome.exitCode == 0, "\(outcome)")
            for prune in prunes { #expect(try prune.finish().exitCode == 0) }
            #expect(try succeed(bench, "cat", "r\(round)", "/srv/file.txt") == "round \(round)\n")
        }
        #expect(try succeed(bench, "fsck").contains("all is as it was written"))
    }

    @Test("is kept within the limit of the configuration by every build")
    func limit() throws {
        let bench = try bench()
        try bench.write("config.json", #"{"store": {"maxSize": "1kB"}}"#)
        let arguments = try bench.buildArguments(Self.recipe, [])
        let outcome = try bench.start(arguments, adding: ["LAYERBUILD_CONFIG=\(bench.appending("config.json"))"])
            .finish()
        try expectSuccess(outcome)
        #expect(try bench.names(in: "store/snapshots").isEmpty)
        #expect(try bench.names(in: "store/cache/1/keys").isEmpty)
        #expect(try succeed(bench, "images", "-q") == "busybox:latest\nshop/web:1\n")

        try bench.write("config.json", #"{"store": {"maxSise": "1kB"}}"#)
        let wrong = try bench.start(arguments, adding: ["LAYERBUILD_CONFIG=\(bench.appending("config.json"))"]).finish()
        expectFailure(wrong, exit: 64, saying: "error[configuration]", "did you mean `maxSize`?")
    }

    @Test("completes commands in every shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let bench = try Bench()
        let script = try succeed(bench, "completions", shell)
        #expect(script.contains("prune") && script.contains("older-than"))
        if shell == "bash" {
            try bench.write("completions", script)
            try bench.shell("bash -n completions")
        }
    }
}
