import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import Testing

@Suite("A diff of an upper folder", .enabled(if: isRoot, "needs root"))
struct OverlayDiffTests {
    /// A base, steps over it in a real overlay, and what came of it.
    final class Stage {
        let scratch: Scratch
        let lower: FilePath
        let upper: FilePath
        /// A copy of what the overlay showed after the step.
        let shown: FilePath

        init(base: String, step: String) throws {
            scratch = try Scratch()
            // An overlay cannot hold an upper folder, so it lies on a tmpfs in a namespace of its own; the tmpfs's
            // contents are carried out as a tar with all attributes.
            lower = try scratch.folder("lower")
            upper = try scratch.folder("upper")
            shown = try scratch.folder("shown")
            _ = try scratch.folder("work")
            let merged = try scratch.folder("merged")
            try shell("umask 022; \(base)\nfind . -exec touch -h -d @1000000000 {} +", in: lower)
            try shell(
                """
                unshare -m bash -e <<'END'
                mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off overlay merged
                cd merged
                umask 022
                \(step)
                cd ..
                cp -a --no-target-directory merged shown
                END
                """, in: scratch.path)
            _ = merged
        }

        func diff(hidden: [String] = [], epoch: Int64? = nil) throws -> OverlayDiff {
            try OverlayDiff(
                upper: upper, lower: MergedTree(layers: [lower]),
                hidden: Set(hidden.map { TreePath(normalising: $0) }), normaliser: EntryNormaliser(clampTo: epoch),
                scratch: scratch.path)
        }

        /// What the layer holds, as GNU tar names it.
        func names(hidden: [String] = []) throws -> [String] {
            try write(diff(hidden: hidden))
            return try shell("tar --quoting-style=escape -tf layer.tar", in: scratch.path)
                .split(separator: "\n").map(String.init)
        }

        func write(_ diff: OverlayDiff) throws {
            var writer = try LayerWriter(
                into: File(opening: scratch.path.appending("layer.tar"), O_RDWR | O_CREAT | O_TRUNC),
                compression: .none,
                threads: 2)
            try writer.write(diff)
            _ = try writer.finish()
        }

        /// Unpacks the layer over a copy of the base with GNU tar and whiteouts by hand.
        func apply() throws -> FilePath {
            try shell(
                """
                cp -a lower applied
                export LC_ALL=C
                # By names alone: the whiteout of a name of 255 bytes could not be unpacked as a file.
                tar --quoting-style=literal -tf layer.tar | while IFS= read -r f; do
                  case ${f##*/} in .wh.*) n=${f##*/}; p=${f%"$n"}; rm -rf "applied/$p${n#.wh.}"; continue;; esac
                  case $f in */) [ ! -L "applied/${f%/}" ] && [ -d "applied/$f" ] && continue;; esac
                  rm -rf "applied/${f%/}"
                done
                tar --xattrs --xattrs-include='*' --exclude='.wh.*' -C applied -xpf layer.tar
                """, in: scratch.path)
            return scratch.path.appending("applied")
        }
    }

    /// Every name with all that a layer can say, but a folder's time.
    static func listing(_ path: FilePath) throws -> String {
        try shell(
            """
            find . -mindepth 1 ! -type s -printf '%P %y %m %U %G %l\\n' | sort
            find . -type f -printf '%P %T@\\n' | sed 's/\\..*//' | sort
            find . -type f ! -links 1 -printf '%i %P\\n' | sort -k2 | awk '{ if (!($1 in g)) g[$1] = ++n; print g[$1], $2 }'
            find . -type f -exec sha256sum {} + | sort
            getfattr -Rhd -m '-' . 2>/dev/null | grep -v '^#' | grep -v overlay | sort
            """, in: path)
    }

    static func paths(_ diff: OverlayDiff) throws -> [String] {
        var changes = diff.changes
        return try changes.all().map(\.path.description)
    }

    @Test("keeps in memory of many changes no more than of some")
    func many() throws {
        let names = (0..<20_000).map { "f\($0)" }
        let stage = try Stage(base: "mkdir d", step: "seq -f 'd/f%.0f' 0 19999 | xargs touch; ln d/f7 d/link; rm d/f8")
        let diff = try stage.diff()
        #expect(diff.residentSize < 1 << 19)
        let expected = (names.filter { $0 != "f8" } + ["link"]).sorted().map { "/d/\($0)" }
        #expect(try Self.paths(diff) == ["/d"] + expected)

        try diff.settle()
        #expect(try Self.paths(diff) == ["/d"] + expected)
        let fractions = try shell("find d -type f -printf '%T@\\n' | grep -cv '\\.00*$' || true", in: stage.upper)
        #expect(fractions == "0\n")
    }

    @Test("names what was added, changed and removed, with the folders that lead there")
    func plain() throws {
        let stage = try Stage(
            base: "mkdir -p a/b c; echo x >a/b/f; echo y >a/g; echo z >c/h",
            step: "echo new >a/b/f; rm c/h; mkdir n; echo 1 >n/1")
        #expect(try stage.names() == ["a/", "a/b/", "a/b/f", "c/", "c/.wh.h", "n/", "n/1"])
    }

    @Test("names a file that was written again, also if that was in the second in which it was made")
    func sameSecond() throws {
        let write = "echo x >x; touch -d @1000000000.75 x"
        #expect(try Stage(base: "echo x >x", step: write).names() == ["x"])
    }

    @Test(
        "finds nothing where nothing was changed",
        arguments: [
            "true", "touch f; rm f", "chmod 644 x", "exec 3<>x", "mkdir d/new; rmdir d/new", "mv x y; mv y x",
            "cp -p x y; rm x; cp -p y x; rm y", "touch a/s; rm a/s", "chown 0:0 a", "rmdir e; mkdir e; ",
        ])
    func nothing(step: String) throws {
        let stage = try Stage(base: "mkdir a d e; echo x >x; touch a/f", step: step)
        let diff = try stage.diff()
        #expect(try Self.paths(diff).isEmpty)
        try diff.settle()
        #expect(try shell("find . -mindepth 1", in: stage.upper) == "")
    }

    @Test("hides one by one what a folder that was made anew no longer holds")
    func opaque() throws {
        let stage = try Stage(
            base: "mkdir -p d/sub/deep d/gone; echo 1 >d/f; echo 2 >d/g; echo 3 >d/sub/deep/h; echo 4 >d/sub/i",
            step: "rm -r d; mkdir -p d/sub; echo new >d/f; echo 5 >d/sub/j")
        #expect(
            try stage.names() == [
                "d/", "d/.wh.g", "d/.wh.gone", "d/f", "d/sub/", "d/sub/.wh.deep", "d/sub/.wh.i", "d/sub/j",
            ])
    }

    @Test("says of a name that changed its kind only what it is now")
    func kinds() throws {
        let stage = try Stage(
            base: "mkdir -p d/e; echo 1 >d/e/f; echo 2 >file; ln -s file link",
            step: "rm -r d; echo now >d; rm file; mkdir file; rm link; mkfifo link")
        #expect(try stage.names() == ["d", "file/", "link"])
    }

    @Test("keeps hard links within the layer, and writes a name in full whose others lie below")
    func hardLinks() throws {
        let stage = try Stage(
            base: "echo 1 >a; ln a b; echo 2 >c", step: "echo more >>a; echo n >m; ln m o; ln c d; chmod 600 d")
        try stage.write(stage.diff())
        let listed = try shell("tar -tvf layer.tar | awk '{ print substr($1, 1, 1), $6, $9 }'", in: stage.scratch.path)
        #expect(listed == "- a \n- c \nh d c\n- m \nh o m\n")
    }

    @Test("writes an unchanged name too if another name of the same file is new")
    func newLink() throws {
        let stage = try Stage(base: "echo 1 >a", step: "ln a b")
        #expect(try stage.names() == ["a", "b"])
    }

    @Test("skips sockets, and hides what a socket replaced")
    func sockets() throws {
        func socket(_ name: String) -> String {
            "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local=>shift, Listen=>1)' \(name)"
        }
        let stage = try Stage(base: "echo 1 >s", step: "rm s; \(socket("s")); mkdir d; \(socket("d/t"))")
        let diff = try stage.diff()
        #expect(try Self.paths(diff) == ["/s", "/d"])
        try diff.settle()
        #expect(try shell("find . -mindepth 1 -printf '%P%y '", in: stage.upper).contains("sc "))
    }

    @Test("drops the stubs of mount points, but not what was put beside them")
    func stubs() throws {
        let stage = try Stage(
            base: "mkdir etc; echo 1 >etc/passwd",
            step: "mkdir proc dev; touch etc/hosts dev/null; mkdir run; echo x >run/x; touch run/stub")
        #expect(
            try stage.names(hidden: ["proc", "dev", "dev/null", "etc/hosts", "run", "run/stub"]) == ["run/", "run/x"])
    }

    @Test("refuses a name that would stand for a deletion")
    func reserved() throws {
        let stage = try Stage(base: "mkdir d", step: "echo x >d/.wh.x")
        #expect(throws: LayerError.reservedName(TreePath(normalising: "d/.wh.x"))) { try stage.diff() }
    }

    @Test("refuses an upper folder that only refers to its lower")
    func redirected() throws {
        let stage = try Stage(base: "mkdir d", step: "chmod 700 d")
        try shell("setfattr -n trusted.overlay.redirect -v /x d", in: stage.upper)
        #expect(throws: LayerError.redirected(TreePath(normalising: "d"))) { try stage.diff() }
    }

    @Test("limits times to the epoch, in the layer and in the folder that is kept")
    func epoch() throws {
        let stage = try Stage(base: "true", step: "echo x >f; touch -d @5000000000 f; echo y >g; touch -d @7.5 g")
        let diff = try stage.diff(epoch: 1_700_000_000)
        try diff.settle()
        #expect(try shell("stat -c %.Y f g", in: stage.upper) == "1700000000.000000000\n7.000000000\n")
    }

    static let base = """
        mkdir -p a/b/c d/e f/g h; for i in 1 2 3 4 5 6 7 8; do echo $i >a/$i; echo $i >a/b/$i; echo $i >d/e/$i; done
        ln a/1 a/1l; ln -s ../a/1 d/link; ln -s nowhere f/broken; mknod h/null c 1 3; mkfifo h/fifo
        echo s >f/suid; chmod 4755 f/suid; setfattr -n user.x -v 1 f/suid; chown 3000000:5 a/b/7; mkdir empty
        printf x >"h/$(printf 'n\\374')"; echo q >"h/$(printf 'x%.0s' $(seq 255))"
        """

    /// A hundred small changes, chosen by a generator that a seed decides.
    static func mutations(_ seed: UInt64) -> String {
        var state = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func pick(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        let folders = ["a", "a/b", "a/b/c", "d", "d/e", "f", "f/g", "h", "empty", "new", "new/n2", "."]
        func path() -> String {
            "\(folders[pick(folders.count)])/\(["1", "2", "3", "4", "suid", "link", "x", "b"][pick(8)])"
        }
        func folder() -> String { folders[pick(folders.count - 1)] }
        return (0..<60).map { step in
            switch pick(16) {
            case 0: "rm -rf \(folder())"
            case 1: "mkdir -p \(folder())"
            case 2: "rm -rf \(folder()); mkdir -p \(folder())"
            case 3: "f=\(folder()); rm -rf $f; mkdir -p $f; echo \(step) >$f/2"
            case 4: "echo \(step) >\(path())"
            case 5: "rm -rf \(path())"
            case 6: "mv -f \(path()) \(path())"
            case 7: "mv -T \(folder()) \(folder())x; mv -T \(folder())x \(folder())"
            case 8: "ln -f \(path()) \(path())"
            case 9: "ln -sfn ../\(path()) \(path())"
            case 10: "chmod \(["600", "755", "4711"][pick(3)]) \(path())"
            case 11: "chown -h \(pick(3)):\(pick(3_000_000)) \(path())"
            case 12: "setfattr -h -n user.y -v \(step) \(path())"
            case 13: "f=\(path()); rm -rf $f; mkfifo $f"
            case 14: "f=\(path()); rm -rf $f; mkdir $f; echo \(step) >$f/in"
            case _: "cp -a \(folder()) \(folder())/cp\(pick(3))"
            }
        }.map { "{ \($0); } 2>/dev/null || true" }.joined(separator: "\n")
    }

    @Test("applied to what it was taken from gives what it was taken of", arguments: 1...36)
    func law(seed: Int) throws {
        let stage = try Stage(base: Self.base, step: Self.mutations(UInt64(seed)))
        let diff = try stage.diff()
        try stage.write(diff)
        let applied = try stage.apply()
        let expected = try Self.listing(stage.shown)
        let appliedDifferences = try Self.listing(applied).differences(from: expected)
        #expect(appliedDifferences == "")

        try diff.settle()
        let merged = try stage.scratch.folder("settled")
        try shell(
            """
            unshare -m bash -ec 'mount -t overlay -o lowerdir=upper:lower overlay merged; cp -a -T merged settled'
            """, in: stage.scratch.path)
        let mergedDifferences = try Self.listing(merged).differences(from: expected)
        #expect(mergedDifferences == "")
        // A second look finds the same: settling is done once.
        #expect(try Self.paths(stage.diff()) == Self.paths(diff))
    }
}

extension String {
    /// Lines that only one of two listings has.
    fileprivate func differences(from other: String) -> String {
        split(separator: "\n").difference(from: other.split(separator: "\n")).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }.joined(separator: "\n")
    }
}
