import OCI
import SystemPackage
import Testing

@Suite("A build for several platforms", .needsRoot)
struct MultiPlatformTests {
    private let bench: Bench
    private static let both = "linux/arm64,linux/amd64"
    private static let files = "FROM scratch\nARG TARGETARCH\nLABEL made.for=$TARGETARCH\nCOPY file /file\n"

    init() throws {
        bench = try Bench()
        try bench.write("context/file", "contents\n")
    }

    private func index(_ text: String) throws -> ImageIndex { try ImageIndex(parsing: Array(text.utf8)) }

    @Test("makes an index that other tools choose from")
    func index() throws {
        let outcome = try bench.build(
            Self.files, "--platform", Self.both, "--compression", "gzip", "-t", "app:1", "-o", "../image.tar", "-o",
            "type=oci-dir,dest=../layout")
        let digest = try expectSuccess(outcome)
        #expect(outcome.error.contains("for linux/amd64, linux/arm64"))
        for place in ["oci-archive:image.tar", "oci:layout"] {
            let raw = try bench.shell("skopeo inspect --raw \(place)")
            #expect(Digest.of(Array(raw.utf8)).description == digest)
            #expect(
                try index(raw).manifests.map(\.platform?.description) == ["linux/amd64", "linux/arm64"])
            for architecture in ["amd64", "arm64"] {
                let config = try bench.shell(
                    "skopeo inspect --override-arch \(architecture) --config --raw \(place)"
                        + " | jq -r '.architecture, .config.Labels[\"made.for\"]'")
                #expect(config == "\(architecture)\n\(architecture)")
            }
        }
        try bench.shell("skopeo copy -q --override-arch arm64 oci-archive:image.tar oci:arm:1")
        #expect(try bench.shell("skopeo inspect oci:arm:1 | jq -r .Architecture") == "arm64")
        #expect(try bench.shell("tar -tf image.tar | grep -c manifest.json || true") == "0")
    }

    @Test("makes the same bytes in another store, in whatever order the platforms are named")
    func deterministic() throws {
        let other = try Bench()
        try other.write("context/file", "contents\n")
        let flags = ["-t", "app:1", "-o", "../image.tar", "--platform"]
        let first = try bench.start(try bench.buildArguments(Self.files, flags + [Self.both])).finish()
        let second = try other.start(try other.buildArguments(Self.files, flags + ["linux/amd64,linux/arm64"])).finish()
        #expect(try expectSuccess(first) == expectSuccess(second))
        #expect(try bench.read("image.tar") == other.read("image.tar"))
        // The layer has nothing of a platform: it is there once, and made once.
        #expect(first.executed.count == 1, "\(first)")
        let again = try bench.start(try bench.buildArguments(Self.files, flags + [Self.both])).finish()
        #expect(again.executed.isEmpty && again.error.contains("has it already"), "\(again)")
    }

    @Test("runs the stage for this machine once, and gives each platform what was made for it")
    func crossCompiling() throws {
        try bench.importBase()
        let recipe = """
            FROM --platform=$BUILDPLATFORM busybox AS build
            RUN echo tools >/tools
            ARG TARGETARCH
            RUN echo made for $TARGETARCH >/out
            FROM scratch
            COPY --from=build /tools /out /
            """
        let outcome = try bench.build(
            recipe, "--platform", Self.both, "-o", "../files/", "-o", "type=oci,dest=../i.tar")
        try expectSuccess(outcome)
        #expect(try bench.names(in: "files").sorted() == ["linux_amd64", "linux_arm64"])
        #expect(try bench.shell("cat files/*/out") == "made for amd64\nmade for arm64")
        #expect(outcome.executed.filter { $0.contains("tools >/tools") }.count == 1, "\(outcome)")
        #expect(outcome.executed.count == 5)
        #expect(outcome.steps.map(\.title).contains { $0.hasPrefix("[linux/arm64 build ") }, "\(outcome)")
        try bench.shell("skopeo copy -q --override-arch arm64 oci-archive:i.tar dir:arm")
    }

    @Test("goes to a registry as one image, from which each platform's is pulled again")
    func registry() throws {
        let registry = try DockerRegistry(on: bench)
        let name = "\(registry.host)/app:1"
        let digest = try expectSuccess(
            try bench.build(Self.files, "--platform", Self.both, "-t", name, "--push", "--metadata-file", "../m.json"))
        let raw = try bench.shell("skopeo inspect --raw --tls-verify=false docker://\(name)")
        #expect(Digest.of(Array(raw.utf8)).description == digest)
        #expect(try bench.shell("jq -r '.[\"containerimage.digest\"]' m.json") == digest)

        let there = try Bench()
        let recipe = "FROM \(name)\nARG TARGETARCH\nLABEL again.for=$TARGETARCH\n"
        let pulled = try there.build(recipe, "--platform", Self.both, "-o", "type=oci-dir,dest=../layout")
        try expectSuccess(pulled)
        let labels = try there.shell(
            """
            for arch in amd64 arm64; do
                skopeo inspect --override-arch $arch --config --raw oci:layout |
                    jq -r '.architecture + .config.Labels["made.for"] + .config.Labels["again.for"]'
            done
            """)
        #expect(labels == "amd64amd64amd64\narm64arm64arm64")
        // The name keeps both: nothing is asked of the registry again.
        let asked = try registry.accesses("/v2/app/manifests/").count
        try expectSuccess(try there.build(recipe, "--platform", Self.both))
        #expect(try registry.accesses("/v2/app/manifests/").count == asked)
        try there.write("images.json", try there.layerbuild("images", "--json").output)
        #expect(try there.shell("jq -c '.[].platforms' images.json") == #"["linux/amd64","linux/arm64"]"#)
        try expectStoreIsWhole(there)
    }

    private func expectStoreIsWhole(_ bench: Bench) throws {
        let outcome = try bench.layerbuild("fsck")
        #expect(outcome.exitCode == 0, "\(outcome)")
    }

    @Test("has names and files that say what was built")
    func results() throws {
        let outcome = try bench.build(
            Self.files, "--platform", Self.both, "-t", "app:1", "--iidfile", "../iid", "--annotation", "index:a=b")
        let digest = try expectSuccess(outcome)
        #expect(try bench.shell("cat iid") == digest)
        #expect(try bench.layerbuild("images").output.contains(digest))
        let one = try bench.layerbuild("inspect", "--platform", "linux/arm64", "app:1")
        #expect(one.output.contains("arm64"), "\(one)")
        let copied = try bench.layerbuild("copy", "--platform", "linux/arm64", "app:1", "oci:../copied:1")
        #expect(copied.exitCode == 0, "\(copied)")
        #expect(try bench.shell("skopeo inspect oci:copied | jq -r .Architecture") == "arm64")
    }
}
