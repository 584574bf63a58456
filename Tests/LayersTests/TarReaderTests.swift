import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("A tar reader")
struct TarReaderTests {
    /// Files that tell formats apart: long names, owners, sparse ones, links, bytes that are no text.
    static let tree = #"""
        mkdir -p tree/d/e 'tree/with space' && cd tree
        echo hello >d/hello; ln d/hello d/e/second; ln -s ../hello d/e/link; mkfifo d/fifo
        touch "$(printf 'n\303\244me')" "$(printf 'nfd-e\314\201')" "$(printf 'nfd-\303\251')" "$(printf 'latin-\351')"
        printf 'new\nline' >"$(printf 'new\nline')"; touch 'with space/back\slash' '*' '$x' '-rf'
        mkdir -p "$(printf 'l%.0s' $(seq 90))/$(printf 'm%.0s' $(seq 90))"
        echo deep >"$(printf 'l%.0s' $(seq 90))/$(printf 'm%.0s' $(seq 90))/$(printf 'n%.0s' $(seq 90))"
        ln -s "$(printf 't%.0s' $(seq 200))" longlink
        truncate -s 10M sparse; printf one | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
        printf two | dd of=sparse bs=1 seek=9000000 conv=notrunc status=none
        truncate -s 3M holes; head -c 200000 /dev/urandom >random; : >empty
        chmod 4755 random; chmod 1777 d; chmod 000 empty; touch -d @1 d/hello; touch -d @1600000000.75 random
        """#

    private static let fingerprint =
        #"find . -mindepth 1 -printf '%P\0%y %m %U:%G %n %s %l %Ts\0' | LC_ALL=C sort -z | sha256sum; "#
        + #"find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum -z | sha256sum"#

    @Test(
        "extracts what GNU tar extracts, for every format and compression",
        arguments: ["--format=gnu", "--format=posix", "--format=posix -S", "--format=gnu -S"]
            + ["0.0", "0.1", "1.0"].map { "--format=posix -S --sparse-version=\($0)" },
        ["cat", "gzip -1", "zstd -q -1"])
    func agrees(format: String, packer: String) throws {
        let archive = try Archive([])
        try shell(Self.tree, in: archive.scratch.path)
        try shell("tar -C tree \(format) -cf - . | \(packer) >archive; mkdir gnu", in: archive.scratch.path)
        try archive.extract()
        let ours = try shell("chmod u+rwx .; \(Self.sizes)", in: archive.inside)
        try shell("\(packer == "cat" ? "cat" : packer + " -dc") <archive | tar -C gnu -xpf -", in: archive.scratch.path)
        let gnu = try shell("chmod u+rwx .; \(Self.sizes)", in: archive.scratch.path.appending("gnu"))
        #expect(ours == gnu)
    }

    /// Folders have sizes of their own on every file system.
    private static let sizes = fingerprint.replacing("%n %s %l", with: "%l")

    @Test("refuses a member without a name, or skips it with its contents if that is wanted")
    func nameless() throws {
        let archive = try Archive { tar in
            tar.file("", "lost")
            tar.file("./.", "lost as well")
            tar.file("a", "kept")
        }
        #expect(throws: LayerError.self) { try TarReader(archive.open()).next() }
        let reader = try TarReader(archive.open(), nameless: .skipped)
        #expect(try reader.next()?.path == TreePath(normalising: "a"))
        #expect(try reader.next() == nil)
        _ = try reader.finish()
    }

    @Test("reads xz and bzip2", arguments: ["xz -1", "bzip2"])
    func foreign(packer: String) throws {
        let archive = try Archive([])
        try shell(Self.tree, in: archive.scratch.path)
        let size = try shell(
            "tar -C tree -cf - . | tee plain | \(packer) >archive; stat -c %s plain", in: archive.scratch.path)
        let summary = try archive.extract().summary
        #expect("\(summary.uncompressedSize)\n" == size)
        #expect(try shell("sha256sum <plain", in: archive.scratch.path) == "\(summary.diffID.digest.hex)  -\n")
        #expect(try shell("sha256sum <archive", in: archive.scratch.path) == "\(summary.digest.hex)  -\n")
    }

    @Test("keeps names that differ only in their Unicode normal form apart")
    func normalForms() throws {
        let archive = try Archive {
            $0.records("path", "cafe\u{301}")
            $0.file("x", "1")
            $0.records("path", "caf\u{e9}")
            $0.file("x", "2")
            $0.long("L", [0xFF, 0xFE])
            $0.file("x", "3")
        }
        let names = try archive.entries().map(\.path.bytes)
        #expect(names == [Array("cafe\u{301}".utf8), Array("caf\u{e9}".utf8), [0xFF, 0xFE]])
        try archive.extract()
        #expect(try Folder(opening: archive.inside).entries().count == 3)
    }

    @Test("reads the names of every header form")
    func forms() throws {
        var old = TarBytes.Header("old/")
        old.magic = []
        var star = TarBytes.Header("name")
        star.prefix = Array("dir".utf8)
        star.patches = [(476, Array("00000000001 00000000002 ".utf8)), (508, Array("tar\0".utf8))]
        var ustar = TarBytes.Header("name")
        ustar.prefix = Array("prefix".utf8)
        var gnu = TarBytes.Header("gnu")
        gnu.magic = Array("ustar  \0".utf8)
        gnu.prefix = Array("no prefix but times".utf8)
        let archive = try Archive { tar in for header in [old, star, ustar, gnu] { tar.add(header) } }
        let entries = try archive.entries()
        #expect(entries.map(\.path.description) == ["/old", "/dir/name", "/prefix/name", "/gnu"])
        #expect(entries.first?.kind == .folder)
    }

    @Test("lets records win over headers, as other readers do")
    func records() throws {
        let archive = try Archive {
            $0.records([
                ("size", Array("5".utf8)), ("uid", Array("3000000".utf8)), ("mtime", Array("-1.5".utf8)),
                ("SCHILY.xattr.user.b", [0, 255]), ("SCHILY.xattr.user.a", [10]), ("comment", Array("=".utf8)),
                ("SCHILY.xattr.trusted.overlay.redirect", Array("/secret".utf8)),
                ("SCHILY.xattr.user.overlay.opaque", [121]), ("SCHILY.xattr.security.selinux", [1]),
            ])
            $0.add(TarBytes.Header("f", size: 0), Array("hello".utf8))
            $0.records("mtime", "99999999999999999999")
            $0.file("g")
        }
        let entries = try archive.entries()
        try #require(entries.count == 2)
        #expect(entries[0].kind == .file(size: 5))
        #expect(entries[0].owner == 3_000_000)
        #expect(entries[0].modified == -2)
        #expect(entries[0].attributes.map(\.name) == [Array("user.a".utf8), Array("user.b".utf8)])
        #expect(entries[1].modified == (1 << 33) - 1)
    }

    @Test("has one place for each record's size: not the long name's but the member's")
    func smuggling() throws {
        let hidden = TarBytes.archive { $0.file("hidden", "x") }
        let archive = try Archive {
            $0.records("size", "\(hidden.count)")
            $0.long("L", Array("outer".utf8))
            $0.add(TarBytes.Header("f", size: 0), hidden)
            $0.file("after")
        }
        #expect(try archive.entries().map(\.path.description) == ["/outer", "/after"])
        let gnu = try shell("tar -tf archive", in: archive.scratch.path)
        #expect(gnu == "outer\nafter\n")
    }

    @Test("skips contents that nobody reads and gives those it reads piece by piece")
    func pieces() throws {
        let archive = try Archive {
            $0.file("a", String(repeating: "a", count: 700_000))
            $0.file("b", String(repeating: "b", count: 600_001))
        }
        let reader = try TarReader(try archive.open())
        #expect(try reader.next()?.path.name == [97])
        #expect(try reader.next()?.path.name == [98])
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        var total = 0
        while case let count = try reader.read(into: buffer), count > 0 { total += count }
        #expect(total == 600_001)
        #expect(try reader.next() == nil)
        #expect(try reader.finish().entryCount == 2)
    }

    @Test("fills the holes of sparse files with zeros when asked for bytes")
    func holes() throws {
        let archive = try Archive {
            $0.records([("GNU.sparse.size", Array("10".utf8)), ("GNU.sparse.map", Array("2,3,7,1".utf8))])
            $0.add(TarBytes.Header("f", size: 4), Array("abcd".utf8))
        }
        let reader = try TarReader(try archive.open())
        #expect(try reader.next()?.kind == .file(size: 10))
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
        defer { buffer.deallocate() }
        while case let count = try reader.read(into: buffer), count > 0 { bytes += buffer[..<count] }
        #expect(bytes == [0, 0, 97, 98, 99, 0, 0, 100, 0, 0])
        try archive.extract()
        #expect(try archive.read("f") == "\0\0abc\0\0d\0\0")
    }
}
