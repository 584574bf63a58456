import Frontend
import Glibc
import Layers
import Linux
import OCI
import Testing

@testable import Builder

@Suite("COPY") struct CopyPlannerTests {
    private func code(_ body: () throws -> some Any) -> String? {
        do {
            _ = try body()
            return nil
        } catch let error as BuildError {
            return error.code
        } catch {
            return "\(error)"
        }
    }

    @Test("A folder gives its contents and not itself, with a slash at its end or without")
    func contents() throws {
        let bench = try CopyBench(context: "mkdir -p src/sub empty; touch src/a src/sub/b")
        let expected = ["app/", "app/a", "app/sub/", "app/sub/b"]
        for source in ["src", "src/", "/src", "./src/.", "../../src"] {
            #expect(try bench.copied(source, to: "/app") == expected)
            #expect(try bench.copied(source, to: "/app/") == expected)
        }
        #expect(try bench.copied("empty", to: "/new") == ["new/"])
        #expect(try bench.copied(".", to: "/") == ["empty/", "src/", "src/a", "src/sub/", "src/sub/b"])
    }

    @Test("A file becomes the destination, or goes into it if that is or names a folder")
    func files() throws {
        let bench = try CopyBench(context: "touch f", lower: "mkdir -p there; touch -d @1000000000 file")
        #expect(try bench.copied("f", to: "/x/new") == ["x/", "x/new"])
        #expect(try bench.copied("f", to: "/x/new/") == ["x/", "x/new/", "x/new/f"])
        #expect(try bench.copied("f", to: "/x/new/.") == ["x/", "x/new/", "x/new/f"])
        #expect(try bench.copied("f", to: "/there") == ["there/", "there/f"])
        #expect(try bench.copied("f", to: "/") == ["f"])
        #expect(try bench.copied("f", to: "/file") == ["file"])
    }

    @Test("Several sources lie beside each other, and the later wins")
    func several() throws {
        let bench = try CopyBench(context: "mkdir a b; echo 1 >a/x; echo 22 >b/x; touch a/y")
        let entries = try bench.entries(["a", "b"], to: "/d/")
        #expect(entries.map(\.entry.line) == ["d/", "d/x", "d/y"])
        #expect(entries[1].entry.kind == .file(size: 3))
    }

    @Test("Of very many files those that are there already are left out, and the others come in their order")
    func many() throws {
        let script =
            "for d in a b c; do mkdir -p s/$d/in; for i in $(seq 1000 1800); do echo $i >s/$d/in/$i; done; done"
        var bench = try CopyBench(
            context: "\(script); ln s/a/in/1000 s/a/in/9; ln s/b/in/1700 s/c/z; find s -exec touch -d @5 {} +",
            lower: "\(script); echo new >s/b/in/1500; rm -r s/c/in/17*; find s -exec touch -d @5 {} +")
        bench.keepsPlanInFile = true
        let copied = try bench.copied("s", to: "/s/")
        #expect(copied.prefix(6) == ["s/", "s/a/", "s/a/in/", "s/a/in/1000", "s/a/in/9==s/a/in/1000", "s/b/"])
        #expect(copied[6...9] == ["s/b/in/", "s/b/in/1500", "s/b/in/1700", "s/c/"])
        #expect(Array(copied[10...]) == ["s/c/in/"] + (1700...1799).map { "s/c/in/\($0)" } + ["s/c/z==s/b/in/1700"])
    }

    @Test(
        "A later source may replace what is far back in the plan, and what has further names",
        arguments: [false, true])
    func replacing(linked: Bool) throws {
        var bench = try CopyBench(
            context: """
                mkdir x y; for i in $(seq 1000 1900); do echo $i >x/$i; done; echo other >y/1005
                \(linked ? "ln -f x/1005 x/1700; ln -f x/1005 x/1800" : "")
                """)
        bench.keepsPlanInFile = true
        let entries = try bench.entries(["x", "y"], to: "/d/")
        #expect(entries.count == 902)
        #expect(entries[6].entry.line == "d/1005")
        #expect(entries[6].entry.kind == .file(size: 6))
        #expect(entries[701].entry.kind == .file(size: 5))
        #expect(entries[801].entry.line == (linked ? "d/1800==d/1700" : "d/1800"))
    }

    @Test("Sources may come in any order; the layer has its own")
    func order() throws {
        let bench = try CopyBench(context: "mkdir -p z/in a; touch z/1 z/in/3 a/2; echo new >a/1", lower: "mkdir d")
        let expected = ["d/", "d/1", "d/2", "d/in/", "d/in/3"]
        #expect(try bench.copied("z", "a", to: "/d/") == expected)
        #expect(try bench.copied("a", "z", to: "/d/") == expected)
        #expect(try bench.entries(["z", "a"], to: "/d/")[1].entry.kind == .file(size: 4))
        #expect(try bench.entries(["a", "z"], to: "/d/")[1].entry.kind == .file(size: 0))
    }

    @Test("A missing name is an error that knows a near one; a pattern without a match is nothing")
    func missing() throws {
        let bench = try CopyBench(context: "touch config.json; mkdir d")
        #expect(try bench.copied("*.yaml", to: "/x/").isEmpty)
        #expect(try bench.copied("nowhere/*", to: "/x/").isEmpty)
        #expect(try bench.copied("*.yaml", "config.json", to: "/x/") == ["x/", "x/config.json"])
        #expect {
            try bench.copied("confg.json", to: "/")
        } throws: { error in
            let error = error as? BuildError
            return error?.code == "missing-source" && error?.hint?.contains("config.json") == true
        }
        #expect(code { try bench.copied("d/none", to: "/") } == "missing-source")
    }

    @Test("An ignore file is blamed only where there can be one", arguments: [true, false])
    func ignoreFiles(isContext: Bool) throws {
        let bench = try CopyBench(context: ":")
        let origin: FileOrigin = isContext ? .context("docs") : .fileSystem(.scratch)
        #expect {
            try bench.entries(["nowhere"], of: bench.context, from: origin, to: "/")
        } throws: { error in
            (error as? BuildError)?.hint?.contains("ignore file") == isContext
        }
    }

    @Test("A pattern that matches a link to nothing is an error: what it stands for is missing")
    func linksToNothing() throws {
        let bench = try CopyBench(context: "touch a.txt; ln -s nowhere b.txt; mkdir d; ln -s ../nowhere d/link")
        #expect(code { try bench.copied("*.txt", to: "/x/") } == "missing-source")
        #expect(try bench.copied("a*", "d", to: "/x/") == ["x/", "x/a.txt", "x/link=../nowhere"])
    }

    @Test("A folder's time goes with its contents, and a context's own does not")
    func folderTimes() throws {
        let bench = try CopyBench(
            context: "mkdir -p s/e; touch s/f; touch -d @1000000000 s", lower: "mkdir old; touch -d @5 old")
        func time(_ source: String, _ destination: String) throws -> Int64? {
            try bench.entries([source], to: destination).first?.entry.modified
        }
        #expect(try time("s", "/new") == 1_000_000_000)
        #expect(try time("s", "/old") == 1_000_000_000)
        #expect(try time(".", "/new") == 1_700_000_000)
        #expect(try time("s/f", "/old/") == 5)
    }

    @Test(
        "Patterns match names as Go's filepath does",
        arguments: [
            ("*.txt", ["a.txt", "b.txt"]), ("?.txt", ["a.txt", "b.txt"]), ("[b-z].txt", ["b.txt"]),
            ("arr[[]0].c", ["arr[0].c"]), ("d*/*.txt", ["c.txt"]), ("**/c.txt", ["c.txt"]), ("*/deep/*.txt", ["e.txt"]),
        ] as [(String, [String])])
    func patterns(pattern: String, names: [String]) throws {
        let bench = try CopyBench(context: "mkdir -p dir/deep; touch a.txt b.txt 'arr[0].c' dir/c.txt dir/deep/e.txt")
        #expect(
            try bench.entries([pattern], to: "/").map { String(decoding: $0.entry.path.name, as: UTF8.self) } == names)
    }

    @Test("Folders made on the way are 0755 and root's; --chown and a numeric --chmod hold for them too")
    func parents() throws {
        var bench = try CopyBench(context: "touch f")
        func made() throws -> [String] { try bench.entries(["f"], to: "/a/b/f").map(\.entry.metadata) }
        #expect(try made() == ["a/ 755 0:0", "a/b/ 755 0:0", "a/b/f 644 0:0"])
        bench.owner = Ownership(user: 7, group: 8)
        bench.mode = ModeChange("700")
        #expect(try made() == ["a/ 700 7:8", "a/b/ 700 7:8", "a/b/f 700 7:8"])
        bench.mode = ModeChange("go+w")
        #expect(try made() == ["a/ 755 7:8", "a/b/ 755 7:8", "a/b/f 666 7:8"])
        bench.mode = ModeChange("6711")
        #expect(try made() == ["a/ 711 7:8", "a/b/ 711 7:8", "a/b/f 6711 7:8"])
    }

    @Test(
        "Files of a context become root's, those of a stage keep their owners",
        .enabled(if: geteuid() == 0, "needs root"))
    func owners() throws {
        let make = "mkdir d; touch d/f; chown 5:6 d d/f; ln -s x d/l; chown -h 5:6 d/l"
        let bench = try CopyBench(context: make, stage: make)
        #expect(
            try bench.entries(["d"], to: "/t").map(\.entry.metadata)
                == ["t/ 755 0:0", "t/f 644 0:0", "t/l=x 777 0:0"])
        #expect(
            try bench.entries(["/d"], of: bench.stage, to: "/t").map(\.entry.metadata)
                == ["t/ 755 0:0", "t/f 644 5:6", "t/l=x 777 5:6"])
    }

    @Test("A folder that is there keeps its looks as the destination and takes the source's further down")
    func existing() throws {
        var bench = try CopyBench(
            context: "mkdir -p src/sub; chmod 700 src src/sub; touch src/f", lower: "mkdir -p d/sub; chmod 711 d d/sub")
        bench.owner = Ownership(user: 3, group: 4)
        #expect(
            try bench.entries(["src"], to: "/d").map(\.entry.metadata)
                == ["d/ 711 \(geteuid()):\(getegid())", "d/f 644 3:4", "d/sub/ 700 3:4"])
    }

    @Test(
        "Files that are there already, times and all, are no part of the layer; the like of them with other bytes are",
        .enabled(if: geteuid() == 0, "needs root"))
    func sameFiles() throws {
        let make = "mkdir -p d/sub; echo same >d/same; echo here >d/changed; echo deep >d/sub/deep; chmod 640 d/same"
        let dates = "find . -exec touch -h -d @1600000000 {} +"
        let bench = try CopyBench(
            context: "\(make); echo else >d/changed; echo new >d/new; \(dates)",
            lower: "\(make); \(dates); chown -R 0:0 .; touch -d @1 d/sub")
        #expect(try bench.copied("d", to: "/d") == ["d/", "d/changed", "d/new"])
    }

    @Test(
        "A file with several names is left out if all of them are there and are one file, else all are copied",
        .enabled(if: geteuid() == 0, "needs root"),
        arguments: [
            (":", []), ("rm d/b; cp -p d/a d/b", ["d/", "d/a", "d/b==d/a", "d/c==d/a"]),
            ("rm d/c", ["d/", "d/a", "d/b==d/a", "d/c==d/a"]),
            ("echo else >d/a; touch -d @1600000000 d/a", ["d/", "d/a", "d/b==d/a", "d/c==d/a"]),
        ])
    func sameHardLinks(difference: String, copied: [String]) throws {
        let make = "mkdir d; echo same >d/a; ln d/a d/b; ln d/a d/c; echo alone >d/other"
        let dates = "find . -exec touch -h -d @1600000000 {} +"
        let bench = try CopyBench(
            context: "\(make); \(dates)", lower: "\(make); \(dates); chown -R 0:0 .; \(difference)")
        #expect(try bench.copied("d", to: "/d") == copied)
    }

    @Test("scratch has a root, with nothing in it")
    func scratch() throws {
        let bench = try CopyBench(context: ":")
        let scratch = MergedSourceTree(tree: try MergedTree(layers: []))
        #expect(try bench.entries(["/"], of: scratch, to: "/").isEmpty)
        #expect(try bench.entries(["."], of: scratch, to: "/x/").map(\.entry.line) == ["x/"])
        #expect(code { try bench.entries(["/file"], of: scratch, to: "/") } == "missing-source")
    }

    @Test("A file that is there with another time is copied again")
    func otherTime() throws {
        let bench = try CopyBench(
            context: "echo same >f; touch -d @1600000000 f", lower: "echo same >f; touch -d @1600000001 f")
        #expect(try bench.copied("f", to: "/") == ["f"])
    }

    @Test("A mode does not change links")
    func modes() throws {
        var bench = try CopyBench(context: "mkdir -p s/d; touch s/f; ln -s f s/l")
        bench.mode = ModeChange("4711")
        #expect(
            try bench.entries(["s"], to: "/").map(\.entry.metadata) == ["d/ 4711 0:0", "f 4711 0:0", "l=f 777 0:0"])
    }

    @Test("A link on the way to the destination is followed, and never out of the root")
    func destinationLinks() throws {
        let bench = try CopyBench(
            context: "mkdir s; touch s/f",
            lower:
                "mkdir -p usr/lib; ln -s usr/lib lib; ln -s /usr/lib abs; ln -s ../../../../usr up; ln -s up/new dangling"
        )
        for destination in ["/lib/", "/abs", "/up/lib/", "/lib/../lib/"] {
            #expect(try bench.copied("s", to: destination) == ["usr/", "usr/lib/", "usr/lib/f"])
        }
        #expect(try bench.copied("s/f", to: "/abs") == ["usr/", "usr/lib/", "usr/lib/f"])
        #expect(try bench.copied("s", to: "/dangling/x") == ["usr/", "usr/new/", "usr/new/x/", "usr/new/x/f"])
    }

    @Test("A link within what is copied stays a link, and one in a file's place is replaced")
    func nestedLinks() throws {
        let bench = try CopyBench(
            context: "mkdir -p s/d; touch s/f real; ln -s /etc s/d/link; ln -s s alias; ln -s real pick",
            lower: "mkdir d; ln -s /etc/passwd d/f")
        #expect(try bench.copied("s", to: "/d") == ["d/", "d/d/", "d/d/link=/etc", "d/f"])
        #expect(try bench.copied("alias", to: "/n") == ["n/", "n/d/", "n/d/link=/etc", "n/f"])
        let entry = try #require(try bench.entries(["pick"], to: "/n/").last?.entry)
        #expect(entry.line == "n/pick")
    }

    @Test("A folder cannot replace a file, nor a file a folder, nor can anything go below a file")
    func conflicts() throws {
        let bench = try CopyBench(
            context: "mkdir -p s/x t; touch s/f t/x", lower: "touch file x; mkdir -p d/x")
        #expect(code { try bench.copied("s", to: "/file") } == "not-a-folder")
        #expect(code { try bench.copied("s/f", to: "/file/below") } == "not-a-folder")
        #expect(code { try bench.copied("s", to: "/") } == "not-a-folder")
        #expect(code { try bench.copied("t", to: "/d") } == "is-a-folder")
    }

    @Test("Names of one file stay one file within a copy")
    func hardLinks() throws {
        let bench = try CopyBench(context: "mkdir s o; echo 1 >s/b; ln s/b s/a; ln s/b s/c; echo 2 >o/x; ln s/b o/y")
        #expect(try bench.copied("s", to: "/d") == ["d/", "d/a", "d/b==d/a", "d/c==d/a"])
    }

    @Test("A name that a later source replaces leaves the other names of its file as they were")
    func replacedLinks() throws {
        let bench = try CopyBench(context: "mkdir s t; echo one >s/a; ln s/a s/b; ln s/a s/c; echo other >t/a")
        let entries = try bench.entries(["s", "t"], to: "/d/")
        #expect(entries.map(\.entry.line) == ["d/", "d/a", "d/b", "d/c==d/b"])
        #expect(entries[1].entry.kind == .file(size: 6))
        #expect(entries[2].entry.kind == .file(size: 4))
        guard case .source(0, let source) = entries[2].contents else { return #expect(Bool(false), "no contents") }
        #expect(source.path == TreePath(normalising: "s/a"))
    }

    @Test("--exclude leaves out what it names below the source, and its exceptions bring back")
    func excludes() throws {
        var bench = try CopyBench(context: "mkdir -p s/d/e s/k; touch s/a.o s/a.c s/d/x s/d/e/keep s/k/a.o")
        bench.excludes = try IgnorePatterns(["*.o", "d", "!d/e/keep"].map { Array($0.utf8) })
        #expect(try bench.copied("s", to: "/t") == ["t/", "t/a.c", "t/d/", "t/d/e/", "t/d/e/keep", "t/k/", "t/k/a.o"])
    }

    @Test("--parents keeps the path of a source, from its pivot on")
    func parentsFlag() throws {
        var bench = try CopyBench(context: "mkdir -p a/b/c x/y; touch a/b/c/f a/b/g a/h x/y/f; chmod 700 a/b")
        bench.parents = true
        #expect(try bench.copied("a/b/g", to: "/t/") == ["t/", "t/a/", "t/a/b/", "t/a/b/g"])
        #expect(try bench.copied("a/./b/g", to: "/t/") == ["t/", "t/b/", "t/b/g"])
        #expect(
            try bench.copied("**/f", to: "/t/")
                == ["t/", "t/a/", "t/a/b/", "t/a/b/c/", "t/a/b/c/f", "t/x/", "t/x/y/", "t/x/y/f"])
        #expect(try bench.copied("a/*/g", to: "/t/") == ["t/", "t/a/", "t/a/b/", "t/a/b/g"])
        #expect(try bench.entries(["a/b/g"], to: "/t/")[2].entry.mode == 0o700)
        #expect(code { try bench.copied("a/none", to: "/t/") } == "missing-source")
        #expect(try bench.copied("a/none*", to: "/t/") == ["t/"])
    }

    @Test("--parents gives folders that are there the source's mode and nothing else")
    func parentsModes() throws {
        var bench = try CopyBench(
            context: "mkdir -p a/b; touch a/b/f; chmod 700 a; chmod 2711 a/b",
            lower: "mkdir -p t/a/b; chmod 777 t t/a t/a/b; touch -d @5 t/a")
        bench.parents = true
        bench.owner = Ownership(user: 3, group: 4)
        bench.mode = ModeChange("640")
        let ids = "\(geteuid()):\(getegid())"
        let entries = try bench.entries(["a/b/f"], to: "/t/")
        #expect(
            entries.map(\.entry.metadata)
                == ["t/ 777 \(ids)", "t/a/ 700 \(ids)", "t/a/b/ 2711 \(ids)", "t/a/b/f 640 3:4"])
        #expect(entries[1].entry.modified == 5)
    }

    @Test("--parents needs the path as it is written: no link on its way is followed, and a root has none")
    func parentsPaths() throws {
        var bench = try CopyBench(context: "mkdir -p real/a; touch real/a/f; ln -s real link")
        bench.parents = true
        for source in ["link/a/f", "link/./a/f", ".", "/", "real/./", "real/none"] {
            #expect(code { try bench.copied(source, to: "/t/") } == "missing-source")
        }
        #expect(try bench.copied("link", to: "/t/") == ["t/", "t/link=real"])
    }

    @Test("What would change nothing is no part of the layer")
    func unchanged() throws {
        let bench = try CopyBench(context: "mkdir s", lower: "mkdir s")
        #expect(try bench.copied("s", to: "/s").isEmpty)
    }

    @Test("Names are bytes")
    func bytes() throws {
        let bench = try CopyBench(context: #"mkdir s; touch "$(printf 's/caf\303\251')" "$(printf 's/cafe\314\201')""#)
        #expect(try bench.entries(["s"], to: "/").count == 2)
    }
}
