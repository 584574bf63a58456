import Testing

@Suite("Copying an image for several platforms", .needsRoot, .timeLimit(.minutes(10)))
struct MultiPlatformCopyTests {
    private let bench: Bench
    private let other: Bench
    /// The index of an image that is for no machine of those that run these tests.
    private let digest: String

    init() throws {
        bench = try Bench()
        other = try Bench()
        try bench.write("context/file", "contents\n")
        let recipe = "FROM scratch\nARG TARGETARCH\nLABEL made.for=$TARGETARCH\nCOPY file /file\n"
        digest = try expectSuccess(
            try bench.build(
                recipe, "--platform", "linux/s390x,linux/riscv64", "--compression", "gzip", "-t", "app:1",
                "-o", "type=oci-dir,dest=../built"))
    }

    private func layerbuild(_ arguments: String...) throws -> String {
        try expectSuccess(try bench.start(arguments).finish())
    }

    /// The digest that skopeo finds at a place.
    private func seen(_ place: String) throws -> String {
        try bench.shell("skopeo inspect --raw --tls-verify=false \(place) | sha256sum | sed 's/^/sha256:/; s/ .*//'")
    }

    /// Expects that skopeo finds every blob of the image there, whatever the platform.
    private func expectWhole(_ place: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try seen(place) == digest, sourceLocation: sourceLocation)
        try bench.shell("rm -rf all; skopeo copy -q --all --src-tls-verify=false \(place) dir:all")
        #expect(
            try bench.shell("ls all/*.manifest.json | wc -l") == "2", sourceLocation: sourceLocation)
    }

    @Test("takes all of it, into layouts and archives and to other names")
    func everything() throws {
        #expect(try layerbuild("copy", "app:1", "oci:../folder:1") == digest)
        try expectWhole("oci:folder:1")
        #expect(try layerbuild("save", "app:1", "oci-archive:../archive.tar:app:1") == digest)
        try expectWhole("oci-archive:archive.tar:app:1")
        #expect(try layerbuild("copy", "app:1", "again:1") == digest)
        #expect(try layerbuild("copy", "again:1", "oci:../again:1") == digest)
        try expectWhole("oci:again:1")
        #expect(try layerbuild("copy", "oci:../built", "oci:../copied:1") == digest)
        try expectWhole("oci:copied:1")
    }

    @Test("takes one where one is named, and asks for a name where no more has room")
    func one() throws {
        let one = try layerbuild("copy", "--platform", "linux/s390x", "app:1", "oci:../one:1")
        #expect(try seen("oci:one:1") == one)
        #expect(try bench.shell("skopeo inspect --config --raw oci:one:1 | jq -r .architecture") == "s390x")
        #expect(try layerbuild("copy", "--platform", "linux/s390x", "app:1", "one:1") == one)
        #expect(try layerbuild("copy", "one:1", "docker-archive:../one.tar:one:1") == one)
        for place in ["docker-archive:../docker.tar:app:1", "dir:../dir", "rootfs:../files.tar"] {
            expectFailure(
                try bench.layerbuild("copy", "app:1", place), exit: 3, saying: "linux/riscv64", "linux/s390x",
                "--platform")
            #expect(try layerbuild("copy", "--platform", "linux/riscv64", "app:1", place) != digest)
        }
        #expect(
            try bench.shell("skopeo inspect --override-arch riscv64 docker-archive:docker.tar | jq -r .Architecture")
                == "riscv64")
        #expect(try bench.shell("skopeo inspect --override-arch riscv64 dir:dir | jq -r .Architecture") == "riscv64")
    }

    @Test("takes all of it to a registry and from one registry's name to another's")
    func registry() throws {
        let registry = try DockerRegistry(on: bench)
        #expect(try layerbuild("push", "app:1", "\(registry.host)/pushed:1") == digest)
        try expectWhole("docker://\(registry.host)/pushed:1")
        let one = try layerbuild("push", "--platform", "linux/s390x", "app:1", "\(registry.host)/one:1")
        #expect(try seen("docker://\(registry.host)/one:1") == one)
        let moved = try other.layerbuild(
            "copy", "docker://\(registry.host)/pushed:1", "docker://\(registry.host)/moved:1")
        #expect(try expectSuccess(moved) == digest)
        try expectWhole("docker://\(registry.host)/moved:1")
        let picked = try other.layerbuild(
            "copy", "--platform", "linux/s390x", "docker://\(registry.host)/pushed:1", "oci:../picked:1")
        #expect(try expectSuccess(picked) == one)
        #expect(try other.layerbuild("fsck").exitCode == 0)
    }

    @Test("takes the attestations that its index names along")
    func attestations() throws {
        let registry = try DockerRegistry(on: bench)
        try bench.shell(
            """
            cd built
            put() { printf %s "$2" >blob; name=$(sha256sum <blob | cut -d' ' -f1); size=$(stat -c %s blob)
                mv blob blobs/sha256/$name
                printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$1" $name $size; }
            config=$(put application/vnd.oci.image.config.v1+json '{"architecture":"unknown","os":"unknown"}')
            layer=$(put application/vnd.in-toto+json '{"_type":"https://in-toto.io/Statement/v0.1"}')
            manifest=$(put application/vnd.oci.image.manifest.v1+json '{"schemaVersion":2,
                "mediaType":"application/vnd.oci.image.manifest.v1+json","config":'"$config"',"layers":['"$layer"']}')
            old=$(jq -r '.manifests[0].digest' index.json)
            index=$(jq -c --argjson new "$manifest" \
                '.manifests += [$new + {platform: {architecture: "unknown", os: "unknown"}}]' blobs/sha256/${old#*:})
            root=$(put application/vnd.oci.image.index.v1+json "$index")
            printf '{"schemaVersion":2,"manifests":[%s]}' "$root" >index.json
            """)
        let attested = try layerbuild("copy", "oci:../built", "docker://\(registry.host)/attested:1")
        #expect(attested != digest)
        #expect(try seen("docker://\(registry.host)/attested:1") == attested)
        let copied = try other.layerbuild("copy", "docker://\(registry.host)/attested:1", "oci:../copied:1")
        #expect(try expectSuccess(copied) == attested)
        try other.shell("skopeo copy -q --all oci:copied:1 dir:all; test $(ls all/*.manifest.json | wc -l) = 3")
    }
}
