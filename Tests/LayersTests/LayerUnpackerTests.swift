import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("A layer unpacker", .enabled(if: isRoot, "needs root"))
struct LayerUnpackerTests {
    /// Unpacks archives as layers over each other; returns their folders, the lowest first.
    private func stack(_ archives: [Archive]) throws -> [FilePath] {
        var folders: [FilePath] = []
        for archive in archives {
            try archive.unpack(over: folders)
            folders.append(archive.inside)
        }
        return folders
    }

    /// What is visible in the merged tree: paths with the contents of files and the targets of links.
    private func merged(_ folders: [FilePath]) throws -> [String] {
        let tree = try MergedTree(layers: folders)
        var lines: [String] = []
        func walk(_ path: TreePath) throws {
            for entry in try tree.entries(of: path) {
                switch entry.status.kind {
                case .regular:
                    lines.append(
                        "\(entry.path) \(String(decoding: try tree.open(entry).readAll(limit: 100), as: UTF8.self))")
                case .symbolicLink:
                    lines.append("\(entry.path) -> \(String(decoding: try tree.linkTarget(of: entry), as: UTF8.self))")
                case .folder:
                    lines.append("\(entry.path)/")
                    try walk(entry.path)
                case .characterDevice, .blockDevice, .fifo, .socket: lines.append("\(entry.path) special")
                }
            }
        }
        try walk(.root)
        return lines
    }

    /// The same as the kernel shows it.
    private func mounted(_ folders: [FilePath]) throws -> [String] {
        let scratch = try Scratch()
        let empty = try scratch.folder("empty")
        let target = try scratch.folder("merged")
        let lower = (folders.reversed() + [empty]).map(\.string).joined(separator: ":")
        let script =
            #"find . -mindepth 1 \( -type d -printf '/%P/\n' -o -type l -printf '/%P -> %l\n' -o -type f "#
            + #"-printf '/%P ' -exec cat {} \; -exec echo \; -o -printf '/%P special\n' \)"#
        return try shell(
            "unshare -m sh -c 'mount -t overlay overlay -o lowerdir=\(lower) \(target) && cd \(target) && \(script.replacing("'", with: "'\\''"))'"
        )
        .split(separator: "\n").map(String.init)
    }

    private func expect(
        _ archives: [Archive], show expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folders = try stack(archives)
        #expect(try merged(folders).sorted() == expected.sorted(), sourceLocation: sourceLocation)
        #expect(try mounted(folders).sorted() == expected.sorted(), sourceLocation: sourceLocation)
    }

    private static func base() throws -> Archive {
        try Archive {
            $0.folder("d/")
            $0.file("d/a", "1")
            $0.file("d/b", "1")
            $0.folder("d/sub/")
            $0.file("d/sub/x", "1")
            $0.file("top", "1")
        }
    }

    @Test("hides what a whiteout names, and nothing of its own layer")
    func whiteouts() throws {
        let upper = try Archive {
            $0.folder("d/")
            $0.file("d/.wh.a")
            $0.file("d/b", "2")
            $0.file("d/.wh.b")
            $0.file(".wh.top")
            $0.file("top", "2")
            $0.file(".wh.missing")
            $0.file("no/such/.wh.folder")
        }
        try expect([try Self.base(), upper], show: ["/d/", "/d/b 2", "/d/sub/", "/d/sub/x 1", "/top 2"])
    }

    @Test("brings nothing back when a deleted folder is made again")
    func again() throws {
        let after = try Archive {
            $0.file(".wh.d")
            $0.folder("d/")
            $0.file("d/new", "2")
        }
        try expect([try Self.base(), after], show: ["/d/", "/d/new 2", "/top 1"])
        let before = try Archive {
            $0.folder("d/")
            $0.file("d/new", "2")
            $0.file(".wh.d")
        }
        try expect([try Self.base(), before], show: ["/d/", "/d/new 2", "/top 1"])
        let deleted = try Archive { $0.file(".wh.d") }
        let third = try Archive { $0.file("d/new", "3") }
        try expect([try Self.base(), deleted, third], show: ["/d/", "/d/new 3", "/top 1"])
    }

    @Test("hides all of a folder's lower contents, wherever the mark stands")
    func opaque() throws {
        for marksFirst in [true, false] {
            let upper = try Archive {
                $0.folder("d/")
                if marksFirst { $0.file("d/.wh..wh..opq") }
                $0.file("d/new", "2")
                if !marksFirst { $0.file("d/.wh..wh..opq") }
            }
            try expect([try Self.base(), upper], show: ["/d/", "/d/new 2", "/top 1"])
        }
        let bare = try Archive { $0.file("d/.wh..wh..opq") }
        try expect([try Self.base(), bare], show: ["/d/", "/top 1"])
        let root = try Archive {
            $0.file("new", "2")
            $0.file(".wh..wh..opq")
            $0.folder("d/")
        }
        try expect([try Self.base(), root], show: ["/d/", "/new 2"])
    }

    @Test("replaces folders by files and files by folders")
    func kinds() throws {
        let upper = try Archive {
            $0.file("d", "2")
            $0.folder("top/")
            $0.file("top/x", "2")
        }
        try expect([try Self.base(), upper], show: ["/d 2", "/top/", "/top/x 2"])
    }

    @Test("drops the whiteouts of the lowest layer")
    func lowest() throws {
        let archive = try Archive {
            $0.file("a", "1")
            $0.file(".wh.b")
            $0.file("c/.wh..wh..opq")
            $0.file("a/../.wh.x".replacing("a/../", with: ""))
        }
        try archive.unpack(over: [])
        #expect(try archive.tree() == ["a f 644"])
    }

    @Test(
        "refuses marks that name nothing, and marks that are no empty files",
        arguments: [
            ".wh.", ".wh..", ".wh...", "d/.wh..", "d/.wh...", ".wh./x", ".wh.a/b", ".wh..wh.", ".wh..wh.x",
        ])
    func badNames(name: String) throws {
        for lower in [false, true] {
            let archive = try Archive {
                $0.folder("d/")
                $0.file(name)
            }
            let base = try Self.base()
            try base.unpack(over: [])
            guard case .refused(name, _) = layerError({ try archive.unpack(over: lower ? [base.inside] : []) }) else {
                Issue.record("\(name) is taken")
                continue
            }
            #expect(try archive.isContained)
        }
    }

    @Test("refuses marks that are links, folders or have contents", arguments: ["1", "2", "5", "0"] as [Character])
    func badKinds(type: Character) throws {
        let archive = try Archive {
            $0.file("x", "1")
            var header = TarBytes.Header(".wh.d", type: type, size: type == "0" ? 3 : 0)
            header.link = Array("x".utf8)
            $0.add(header, type == "0" ? [1, 2, 3] : [])
        }
        guard case .refused(".wh.d", _) = layerError({ try archive.unpack(over: []) }) else {
            Issue.record("it is taken")
            return
        }
    }

    @Test("puts files where the links of lower layers lead, as a merged /usr needs it")
    func mergedUsr() throws {
        let base = try Archive {
            $0.folder("usr/")
            $0.folder("usr/lib/", mode: "0000751\0")
            $0.symbolicLink("lib", to: "usr/lib")
            $0.symbolicLink("lib64", to: "/lib")
        }
        let upper = try Archive {
            $0.file("lib/a", "2")
            $0.file("lib64/sub/b", "2")
            $0.hardLink("lib64/c", to: "lib/a")
        }
        try expect(
            [base, upper],
            show: [
                "/lib -> usr/lib", "/lib64 -> /lib", "/usr/", "/usr/lib/", "/usr/lib/a 2", "/usr/lib/c 2",
                "/usr/lib/sub/", "/usr/lib/sub/b 2",
            ])
        #expect(try shell("stat -c %a usr/lib", in: upper.inside) == "751\n")
        let replacing = try Archive {
            $0.folder("lib/")
            $0.file("lib/sub/a", "3")
        }
        try expect(
            [base, replacing],
            show: ["/lib/", "/lib/sub/", "/lib/sub/a 3", "/lib64 -> /lib", "/usr/", "/usr/lib/"])
    }

    @Test("gives folders that are only on the way the looks of the lower ones, the root included")
    func looks() throws {
        let base = try Archive { tar in
            var root = TarBytes.Header("./", type: "5")
            root.mode = "0000711\0"
            root.owner = TarBytes.Field.octal(7, 8)
            tar.add(root)
            var header = TarBytes.Header("tmp/", type: "5")
            header.mode = "0001777\0"
            header.owner = TarBytes.Field.octal(42, 8)
            tar.records("SCHILY.xattr.user.note", "kept")
            tar.add(header)
        }
        let upper = try Archive { $0.file("tmp/x", "2") }
        let top = try Archive { $0.file("y", "3") }
        let folders = try stack([base, upper, top])
        let looks = try shell(
            "stat -c '%a %u %Y' . tmp; getfattr --absolute-names --only-values -n user.note tmp || true",
            in: folders[1])
        #expect(looks.hasPrefix("711 7 1600000000\n1777 42 1600000000\n"))
        #expect(try shell("stat -c '%a %u %Y' .", in: folders[2]) == "711 7 1600000000\n")
        let names = try Folder(opening: folders[1]).attributes(of: "tmp").map(\.name)
        #expect(names == [Array("user.note".utf8)])
    }

    @Test("gives the root of a first layer that does not mention it the usual looks")
    func bareRoot() throws {
        let archive = try Archive { $0.file("a/b", "1") }
        try archive.unpack(over: [])
        #expect(try shell("stat -c '%a %u:%g %Y' . a", in: archive.inside) == "755 0:0 0\n755 0:0 0\n")
    }

    @Test("keeps set-ID bits, capabilities, owners and whole-second times through everything")
    func metadata() throws {
        let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0] + .init(repeating: 0, count: 12)
        let archive = try Archive { tar in
            var folder = TarBytes.Header("locked/", type: "5")
            folder.mode = "0000000\0"
            tar.add(folder)
            tar.file("locked/inside", "1")
            tar.records([("SCHILY.xattr.security.capability", capability)])
            var file = TarBytes.Header("tool", size: 2)
            file.mode = "0006755\0"
            file.owner = TarBytes.Field.octal(1000, 8)
            file.group = TarBytes.Field.octal(1001, 8)
            tar.add(file, [104, 105])
            tar.node("null", type: "3", major: 1, minor: 3)
            tar.node("fifo", type: "6")
            tar.symbolicLink("link", to: "tool")
            tar.hardLink("second", to: "tool")
            tar.hardLink("link2", to: "link")
        }
        try archive.unpack(over: [])
        let looks = try shell("stat -c '%n %A %u:%g %h %Y %t:%T' *", in: archive.inside)
        #expect(
            looks == """
                fifo prw-r--r-- 0:0 1 1600000000 0:0
                link lrwxrwxrwx 0:0 2 1600000000 0:0
                link2 lrwxrwxrwx 0:0 2 1600000000 0:0
                locked d--------- 0:0 2 1600000000 0:0
                null crw-r--r-- 0:0 1 1600000000 1:3
                second -rwsr-sr-x 1000:1001 2 1600000000 0:0
                tool -rwsr-sr-x 1000:1001 2 1600000000 0:0

                """)
        let attributes = try Folder(opening: archive.inside).attributes(of: "tool")
        #expect(attributes == [ExtendedAttribute(name: Array("security.capability".utf8), value: capability)])
    }

    @Test("gives files their owners and modes, whatever the folder and the mask would give them")
    func inherited() throws {
        let archive = try Archive {
            $0.file("a", "1")
            $0.file("all", mode: "0000666\0")
            $0.file("none", mode: "0000000\0")
            $0.file("set", mode: "0004755\0")
            $0.folder("d/")
            $0.file("d/b", "1")
            $0.symbolicLink("d/link", to: "b")
            $0.node("d/fifo", type: "6")
        }
        try shell("chgrp 1234 . && chmod 2755 .", in: archive.inside)
        try archive.unpack(over: [])
        #expect(
            try shell("stat -c '%n %a %u:%g' * d/*", in: archive.inside) == """
                a 644 0:0
                all 666 0:0
                d 755 0:0
                none 0 0:0
                set 4755 0:0
                d/b 644 0:0
                d/fifo 644 0:0
                d/link 777 0:0

                """)
    }

    @Test("lets the last of several entries with one name win")
    func duplicates() throws {
        let archive = try Archive {
            $0.file("f", "1")
            $0.hardLink("g", to: "f")
            $0.file("f", "2")
            $0.folder("d/")
            $0.file("d/x", "1")
            $0.file("d", "2")
            $0.file("e", "1")
            $0.folder("e/", mode: "0000700\0")
            $0.folder("e/", mode: "0000750\0")
            $0.file("z/first", "1")
            $0.folder("z/", mode: "0000711\0")
        }
        try archive.unpack(over: [])
        #expect(
            try archive.tree() == [
                "d f 644", "e d 750", "f f 644", "g f 644", "z d 711", "z/first f 644",
            ])
        #expect(try archive.read("f") + archive.read("g") == "21")
    }

    @Test("asks for the lower layers only if it has to")
    func late() throws {
        let archive = try Archive {
            $0.folder("./")
            $0.folder("d/")
            $0.file("d/x", "1")
        }
        let unpacker = LayerUnpacker(over: .layers { () throws(LayerError) in throw .notAnArchive })
        _ = try unpacker.unpack(try archive.open(), into: archive.inside)
        #expect(try archive.tree() == ["d d 755", "d/x f 644"])
    }

    @Test("stops when it is asked to")
    func interrupted() throws {
        let archive = try Archive { $0.file("f", "1") }
        let interruption = try Interruption()
        interruption.request()
        let unpacker = LayerUnpacker(over: .nothing, interruption: interruption)
        guard case .system = layerError({ _ = try unpacker.unpack(try archive.open(), into: archive.inside) }) else {
            Issue.record("it goes on")
            return
        }
    }
}
