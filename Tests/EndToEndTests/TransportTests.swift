import Testing

@Suite("Places of images, as skopeo names them", .needsRoot, .timeLimit(.minutes(10)))
struct TransportTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
        try expectSuccess(try bench.build("FROM busybox\nCOPY <<END /one\n1\nEND\n", "-t", "one", "--compression=gzip"))
        try expectSuccess(try bench.build("FROM busybox\nCOPY <<END /two\n2\nEND\n", "-t", "two", "--compression=gzip"))
    }

    private func digest(_ place: String) throws -> String {
        try bench.shell("skopeo inspect --format '{{.Digest}}' '\(place)'")
    }

    @Test(
        "The name behind a layout's path is the one that skopeo gives and looks for",
        arguments: ["1", "app:1", "team/app:1", "registry.example:5000/team/app:1", "app@1", "UPPER"])
    func layouts(name: String) throws {
        for transport in ["oci", "oci-archive"] {
            let (ours, theirs) = ("\(transport):ours:\(name)", "\(transport):theirs:\(name)")
            let copied = try expectSuccess(try bench.layerbuild("copy", "one", "\(transport):../ours:\(name)"))
            try bench.shell("skopeo copy -q '\(ours)' '\(theirs)'")
            #expect(try digest(ours) == copied)
            let taken = try bench.layerbuild("import", "\(transport):../theirs:\(name)", "-t", "taken")
            #expect(try expectSuccess(taken) == copied)
            #expect(try expectSuccess(try bench.layerbuild("copy", "\(transport):../ours:\(name)", "again")) == copied)
            let index = transport == "oci" ? "cat {}/index.json" : "tar -xOf {} index.json"
            let names = try ["ours", "theirs"].map { place in
                try bench.shell(
                    index.replacing("{}", with: place)
                        + #" | jq -c '[.manifests[].annotations["org.opencontainers.image.ref.name"]]'"#)
            }
            #expect(names == [#"["\#(name)"]"#, #"["\#(name)"]"#])
            try bench.shell("rm -r ours theirs")
        }
    }

    @Test("A layout of several images wants a name or a place in the list, and an empty name is none")
    func several() throws {
        let one = try expectSuccess(try bench.layerbuild("copy", "one", "oci:../both:one"))
        let two = try expectSuccess(try bench.layerbuild("copy", "two", "oci:../both:two"))
        try bench.shell("tar -cf both.tar -C both .")
        for place in ["oci:../both", "oci-archive:../both.tar"] {
            for text in [place, "\(place):"] {
                expectFailure(try bench.layerbuild("import", text, "-t", "x"), exit: 3, saying: "one", "two", "colon")
            }
            #expect(try expectSuccess(try bench.layerbuild("import", "\(place):two", "-t", "x")) == two)
            #expect(try expectSuccess(try bench.layerbuild("import", "\(place):@0", "-t", "x")) == one)
            expectFailure(
                try bench.layerbuild("import", "\(place):@2", "-t", "x"), exit: 3, saying: "image-name-unknown")
        }
        expectFailure(try bench.layerbuild("copy", "one", "oci:../both:a b"), exit: 64, saying: "a b")
    }

    @Test("docker's archive has names of images, and a folder's path may have a colon")
    func others() throws {
        for (typed, kept) in [
            ("app", "app:latest"), ("app:2", "app:2"), ("h.example:5000/a/b:1", "h.example:5000/a/b:1"),
        ] {
            try expectSuccess(try bench.layerbuild("copy", "one", "docker-archive:../docker.tar:\(typed)"))
            #expect(try bench.shell("tar -xOf docker.tar manifest.json | jq -r '.[].RepoTags[]'") == kept)
            try bench.shell("skopeo inspect docker-archive:docker.tar:\(kept) >/dev/null")
            for reference in [typed, "@0"] {
                try expectSuccess(try bench.layerbuild("import", "docker-archive:../docker.tar:\(reference)"))
            }
        }
        expectFailure(
            try bench.layerbuild("import", "docker-archive:../docker.tar:@1"), exit: 3, saying: "image-name-unknown")
        let copied = try expectSuccess(try bench.layerbuild("copy", "one", "dir:../a:b"))
        #expect(try digest("dir:a:b") == copied)
        #expect(try expectSuccess(try bench.layerbuild("import", "dir:../a:b", "-t", "x")) == copied)
        for place in ["docker-daemon:one:latest", "containers-storage:one"] {
            expectFailure(try bench.layerbuild("copy", "one", place), exit: 64, saying: "save")
            expectFailure(try bench.layerbuild("import", place), exit: 64, saying: "save")
        }
    }

    @Test("An image's files go into a folder or a tar, and are an image again")
    func files() throws {
        let expected = try expectSuccess(try bench.layerbuild("import", "rootfs:../base.tar", "-t", "base"))
        let digest = try expectSuccess(try bench.layerbuild("copy", "one", "rootfs:../files.tar"))
        #expect(try expectSuccess(try bench.layerbuild("copy", "one", "rootfs:../files/")) == digest)
        try bench.shell("mkdir there")
        try expectSuccess(try bench.layerbuild("copy", "one", "rootfs:../there"))
        try bench.shell(
            """
            mkdir unpacked packed; tar -xpf files.tar -C unpacked; tar -xpf base.tar -C packed; echo 1 >packed/one
            for folder in unpacked files there; do diff -r --no-dereference packed $folder; done
            """)
        #expect(try bench.layerbuild("run", "rootfs:../files.tar", "cat", "/one").output == "1\n")
        try expectSuccess(try bench.layerbuild("copy", "rootfs:../base.tar", "oci-layout://../layout:1"))
        #expect(try self.digest("oci:layout:1") == expected)
        expectFailure(try bench.layerbuild("save", "one", "files.tar"), exit: 64, saying: "docker-archive:files.tar")
    }

    @Test("What may have no end is refused at once, and an archive comes over standard input")
    func endless() throws {
        try bench.shell("mkfifo pipe; mkdir folder")
        for place in ["../pipe", "/dev/zero", "/dev/null"] {
            for transport in ["", "oci-archive:", "docker-archive:", "rootfs:"] {
                expectFailure(
                    try bench.layerbuild("import", transport + place, "-t", "x"), exit: 3, saying: "image-file-kind")
            }
            expectFailure(try bench.layerbuild("ls", place), exit: 3, saying: "image-file-kind")
        }
        expectFailure(try bench.layerbuild("import", "oci-archive:../folder"), exit: 3, saying: "image-file-kind")
        let tar = "gzip -c ../base.tar"
        let expected = try expectSuccess(try bench.layerbuild("import", "../base.tar", "-t", "x"))
        for command in ["\(tar) | \"$@\" -", "\"$@\" <(\(tar))", "\"$@\" - <../base.tar"] {
            let outcome = try bench.start(["import", "-t", "x"], by: ["bash", "-c", command, "bash"]).finish()
            #expect(try expectSuccess(outcome) == expected, "\(command)")
        }
        expectFailure(try bench.layerbuild("import", "-", "-t", "x"), exit: 3, saying: "image-file-kind")
    }
}
