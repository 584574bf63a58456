import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

@Suite("Images at a registry", .needsRoot, .timeLimit(.minutes(10))) struct RegistryTests {
    private let here: Bench
    private let there: Bench

    private static let recipe = """
        FROM busybox
        COPY file /file
        RUN echo made >/made
        CMD ["cat", "/file"]
        """

    init() throws {
        here = try Bench()
        there = try Bench()
        try here.importBase()
        try here.write("context/file", "contents\n")
    }

    @Test("What is pushed comes back the same on a machine that has nothing") func roundTrip() throws {
        let registry = try DockerRegistry(on: here)
        let name = "\(registry.host)/team/app:1"
        let digest = try expectSuccess(try here.build(Self.recipe, "-t", name, "-o", "type=registry"))
        try there.write("context/x", "")
        let build = try there.build("FROM \(name)\nRUN test \"$(cat /made)\" = made\n", "-t", "next")
        try expectSuccess(build)
        #expect(build.executed == ["RUN test \"$(cat /made)\" = made"])
        #expect(try expectSuccess(try there.layerbuild("import", "docker://\(name)")) == digest)
        #expect(
            try expectSuccess(try there.layerbuild("import", "docker://\(registry.host)/team/app@\(digest)", "-t", "x"))
                == digest)
    }

    @Test("A second push moves no layer, and another repository takes them over") func nothingMoves() throws {
        let registry = try DockerRegistry(on: here)
        try expectSuccess(try here.build(Self.recipe, "-t", "\(registry.host)/app:1", "--push"))
        let sent = try registry.accesses("\"PUT /v2/app/blobs/uploads/").count
        #expect(sent > 0)
        try expectSuccess(try here.layerbuild("push", "\(registry.host)/app:1", "\(registry.host)/app:2"))
        #expect(try registry.accesses("\"PUT /v2/app/blobs/uploads/").count == sent)
        #expect(try registry.accesses("\"POST ").count == sent)
        try expectSuccess(try here.layerbuild("push", "\(registry.host)/app:1", "\(registry.host)/other:1"))
        #expect(try registry.accesses("\"PUT /v2/other/blobs/uploads/").isEmpty)
        #expect(try registry.accesses("\"PATCH ").isEmpty)
    }

    @Test("Other tools read what is pushed, and we read what they push") func otherTools() throws {
        let registry = try DockerRegistry(on: here)
        let name = "\(registry.host)/app"
        let digest = try expectSuccess(try here.build(Self.recipe, "-t", "\(name):zstd", "--push"))
        try expectSuccess(try here.build(Self.recipe, "-t", "\(name):gzip", "--push", "--compression=gzip"))
        #expect(
            try here.shell("skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://\(name):zstd") == digest)
        let storage = "podman --root \(here.path)/podman --runroot \(here.path)/podman-run --storage-driver vfs"
        for tag in ["zstd", "gzip"] {
            try here.shell("\(storage) pull -q --tls-verify=false \(name):\(tag) >/dev/null")
            let mounted = "\(storage) create \(name):\(tag) >id; \(storage) mount $(cat id)"
            #expect(try here.shell("cat $(\(mounted))/made; \(storage) umount $(cat id) >/dev/null") == "made")
        }
        for (tag, flags) in [("docker", "--format v2s2"), ("oci", "--format oci --dest-compress-format zstd")] {
            try here.shell(
                "skopeo copy -q --src-tls-verify=false --dest-tls-verify=false \(flags) docker://\(name):gzip docker://\(name):\(tag)"
            )
            try there.write("context/x", "")
            try expectSuccess(try there.build("FROM \(name):\(tag)\nRUN test \"$(cat /made)\" = made\n"))
        }
    }

    @Test("What podman and buildah push is pulled, run and built from, whatever its form and packing")
    func pushedByOthers() throws {
        let registry = try DockerRegistry(on: here)
        let storage = "--root \(here.path)/storage --runroot \(here.path)/storage-run --storage-driver vfs"
        try here.shell("mkdir tree; tar -xf base.tar -C tree; echo made >tree/made")
        try here.write("Containerfile", "FROM scratch\nCOPY tree /\nCMD [\"cat\", \"/made\"]\n")
        try there.write("context/x", "")
        for (form, packing) in [("oci", "gzip"), ("oci", "zstd"), ("docker", "gzip")] {
            let name = "\(registry.host)/\(form):\(packing)"
            let kind = form == "oci" ? "oci" : "v2s2"
            let flags = "-q --tls-verify=false --format \(kind) --compression-format \(packing)"
            try here.shell(
                """
                # Bytes that no registry has yet, or they would be taken over as they are packed there.
                echo \(form) \(packing) >tree/packing
                buildah \(storage) bud -q --isolation chroot --format \(form) -f Containerfile -t \(name) . >/dev/null
                buildah \(storage) push \(flags) \(name) docker://\(name)
                podman \(storage) push \(flags) \(name) \(registry.host)/podman:\(form)-\(packing)
                """)
            for name in [name, "\(registry.host)/podman:\(form)-\(packing)"] {
                let digest = try here.shell("skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://\(name)")
                let layers = try here.shell("skopeo inspect --raw --tls-verify=false docker://\(name) | jq -c .layers")
                #expect(layers.contains(packing), "\(layers)")
                #expect(try expectSuccess(try there.layerbuild("import", "docker://\(name)", "-t", "pulled")) == digest)
                #expect(try there.layerbuild("run", "pulled").output == "made\n")
                try expectSuccess(try there.build("FROM \(name)\nRUN test \"$(cat /made)\" = made\n"))
            }
        }
    }

    @Test("An image is run straight from the registry, and podman runs it too") func running() throws {
        let registry = try DockerRegistry(on: here)
        let name = "\(registry.host)/app:1"
        try expectSuccess(try here.build(Self.recipe, "-t", name, "--push"))
        #expect(try there.layerbuild("run", name).output == "contents\n")
        let storage = "--root \(here.path)/storage --runroot \(here.path)/storage-run --storage-driver vfs"
        let limits = "--network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024"
        #expect(
            try here.shell(
                """
                podman \(storage) pull -q --tls-verify=false \(name) >/dev/null
                podman \(storage) --cgroup-manager cgroupfs --runtime runc run --rm \(limits) \(name)
                """) == "contents")
    }

    @Test("A blob above 256 MiB goes in pieces and comes back") func large() throws {
        let registry = try DockerRegistry(on: here)
        let name = "\(registry.host)/large:1"
        try here.shell("truncate -s 300M context/zeros")
        let digest = try expectSuccess(
            try here.build("FROM scratch\nCOPY zeros /\n", "-t", name, "--compression=none", "--push"))
        #expect(try registry.accesses("\"PATCH /v2/large/blobs/uploads/").count == 1)
        #expect(try expectSuccess(try there.layerbuild("import", "docker://\(name)")) == digest)
    }

    @Test("--pull asks the registry, and without it the store is enough") func pullPolicy() throws {
        let registry = try DockerRegistry(on: here)
        let name = "\(registry.host)/app:1"
        try expectSuccess(try here.build("FROM busybox\nRUN echo old >/made\n", "-t", name, "--push"))
        try there.write("context/x", "")
        let recipe = "FROM \(name)\nRUN cat /made\n"
        try expectSuccess(try there.build(recipe))
        try expectSuccess(try here.build("FROM busybox\nRUN echo new >/made\n", "-t", name, "--push"))
        #expect(try there.build(recipe).executed.isEmpty)
        #expect(try there.build(recipe, "--pull").error.contains("new"))
    }

    @Test("A machine that has nothing but the registry's cache executes no step") func cache() throws {
        let registry = try DockerRegistry(on: here)
        let place = "type=registry,ref=\(registry.host)/cache:main"
        let first = try here.build(Self.recipe, "--cache-from", place, "--cache-to", "\(place),mode=max")
        #expect(first.error.contains("there is no cache"))
        try there.importBase()
        try there.write("context/file", "contents\n")
        let second = try there.build(Self.recipe, "--cache-from", place)
        #expect(try expectSuccess(second) == expectSuccess(first))
        #expect(second.executed.isEmpty, "\(second)")
    }

    @Test("An image that is nowhere, and a registry that is nowhere") func nowhere() throws {
        let registry = try DockerRegistry(on: here)
        expectFailure(try here.build("FROM \(registry.host)/no:1\n"), exit: 2, saying: "unknown-image", registry.host)
        expectFailure(try here.build("FROM 127.0.0.1:1/no:1\n"), exit: 4, saying: "registry-connection", "127.0.0.1:1")
    }

    @Test("Copying goes between registries, archives and names") func copying() throws {
        let registry = try DockerRegistry(on: here)
        let digest = try expectSuccess(try here.build(Self.recipe, "-t", "app:1"))
        let name = "docker://\(registry.host)/copied:1"
        #expect(try expectSuccess(try here.layerbuild("copy", "--log-file", "../copy.log", "app:1", name)) == digest)
        #expect(try here.shell("grep -c pushing copy.log || cat copy.log") != "0")
        #expect(try expectSuccess(try here.layerbuild("copy", name, "oci-archive:../copy.tar:app:2")) == digest)
        #expect(try expectSuccess(try here.layerbuild("save", name, "docker-archive:../docker.tar:app:2")) == digest)
        #expect(try here.shell("skopeo inspect --format '{{.Digest}}' oci-archive:copy.tar") == digest)
        try here.shell("skopeo inspect docker-archive:docker.tar >/dev/null")
        #expect(try expectSuccess(try here.layerbuild("copy", "oci-archive:../copy.tar", "again:1")) == digest)
        #expect(try expectSuccess(try here.layerbuild("copy", "app:1", "dir:../dir")) == digest)
        #expect(try here.shell("skopeo inspect --format '{{.Digest}}' dir:dir") == digest)
        #expect(try here.layerbuild("images").output.contains("again"))
    }
}
