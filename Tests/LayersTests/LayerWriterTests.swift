import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import Testing

@Suite("A layer writer")
struct LayerWriterTests {
    static let compressions: [Compression] = [
        .none, .gzip(level: 1), .gzip(level: 6), .gzip(level: 9), .zstd(level: 3),
    ]

    static let everyKind: [TarEntry] = [
        TarEntry(TreePath(normalising: "etc"), .folder, mode: 0o755, modified: 1_700_000_000),
        TarEntry(TreePath(normalising: "etc/fifo"), .fifo, mode: 0o600, modified: 5),
        TarEntry(TreePath(normalising: "etc/link"), .symbolicLink(target: Array("../näme".utf8)), mode: 0o777),
        TarEntry(
            TreePath(normalising: "etc/null"), .characterDevice(DeviceNumber(major: 1, minor: 3)), mode: 0o666),
        TarEntry(TreePath(normalising: "etc/sda"), .blockDevice(DeviceNumber(major: 8, minor: 300)), mode: 0o660),
        TarEntry(
            TreePath(normalising: "etc/tool"), .file(size: 5), mode: 0o4755, owner: 3_000_000, group: 65534,
            modified: 7,
            attributes: [
                ExtendedAttribute(
                    name: Array("security.capability".utf8), value: [1, 0, 0, 2] + .init(repeating: 0, count: 16))
            ]),
        TarEntry(
            TreePath(normalising: "etc/tool2"), .hardLink(target: TreePath(normalising: "etc/tool")), mode: 0o4755,
            owner: 3_000_000, group: 65534, modified: 7),
        TarEntry(TreePath(normalising: "näme-" + String(repeating: "x", count: 240)), .file(size: 0), mode: 0o644),
    ]

    private func write(
        _ path: FilePath, _ compression: Compression, threads: Int = 1, _ body: (inout LayerWriter) throws -> Void
    ) throws -> WrittenLayer {
        var writer = try LayerWriter(
            into: try File(opening: path, O_RDWR | O_CREAT | O_TRUNC), compression: compression, threads: threads)
        try body(&writer)
        return try writer.finish()
    }

    private func writeEveryKind(_ writer: inout LayerWriter) throws {
        for entry in Self.everyKind {
            if case .file(size: 5) = entry.kind {
                try writer.write(entry, bytes: Array("hello".utf8))
            } else {
                try writer.write(entry)
            }
        }
        try writer.write(whiteout: TreePath(normalising: "usr/gone"))
    }

    @Test("writes what its names say, for every compression", arguments: compressions)
    func names(compression: Compression) throws {
        let scratch = try Scratch()
        let blob = scratch.path.appending("blob")
        let layer = try write(blob, compression) { try writeEveryKind(&$0) }

        let plain =
            switch compression {
            case .none: "cat blob"
            case .gzip: "gzip -dc blob"
            case .zstd: "zstd -dcq blob"
            }
        #expect(try shell("sha256sum <blob", in: scratch.path) == "\(layer.digest.hex)  -\n")
        #expect(try shell("stat -c %s blob", in: scratch.path) == "\(layer.size)\n")
        #expect(try shell("\(plain) | sha256sum", in: scratch.path) == "\(layer.diffID.digest.hex)  -\n")
        #expect(try shell("\(plain) | wc -c", in: scratch.path) == "\(layer.uncompressedSize)\n")
        #expect(layer.entryCount == 9)
    }

    @Test("is read by GNU tar and bsdtar with every detail")
    func readers() throws {
        let scratch = try Scratch()
        _ = try write(scratch.path.appending("layer.tar"), .none) { try writeEveryKind(&$0) }

        let gnu = try shell(
            "TZ=UTC tar --numeric-owner --full-time --quoting-style=literal -tvf layer.tar", in: scratch.path)
        let long = "näme-" + String(repeating: "x", count: 240)
        #expect(
            gnu.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
                "drwxr-xr-x 0/0 0 2023-11-14 22:13:20 etc/",
                "prw------- 0/0 0 1970-01-01 00:00:05 etc/fifo",
                "lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 etc/link -> ../näme",
                "crw-rw-rw- 0/0 1,3 1970-01-01 00:00:00 etc/null",
                "brw-rw---- 0/0 8,300 1970-01-01 00:00:00 etc/sda",
                "-rwsr-xr-x 3000000/65534 5 1970-01-01 00:00:07 etc/tool",
                "hrwsr-xr-x 3000000/65534 0 1970-01-01 00:00:07 etc/tool2 link to etc/tool",
                "-rw-r--r-- 0/0 0 1970-01-01 00:00:00 \(long)",
                "---------- 0/0 0 1970-01-01 00:00:00 usr/.wh.gone",
            ])
        let bsd = try shell("LC_ALL=C.UTF-8 bsdtar -tf layer.tar", in: scratch.path)
        #expect(bsd.split(separator: "\n").last == "usr/.wh.gone")
        #expect(bsd.contains(long))
        #expect(
            try shell("tar --xattrs --xattrs-include='*' -tvvf layer.tar", in: scratch.path).contains(
                "x: 20 security.capability"))
        #expect(try shell("grep -aEc 'LIBARCHIVE|atime|ctime|hdrcharset' layer.tar || true", in: scratch.path) == "0\n")
    }

    @Test("keeps a name that is not UTF-8 whatever call has failed before")
    func nameAfterFailure() throws {
        let scratch = try Scratch()
        _ = try write(scratch.path.appending("layer.tar"), .none) { writer in
            errno = ENOMEM
            try writer.write(TarEntry(TreePath(unchecked: [0x6e, 0xFF]), .file(size: 0), mode: 0o644))
        }
        let listed = try shell("tar --quoting-style=escape -tf layer.tar 2>/dev/null", in: scratch.path)
        #expect(listed == "n\\377\n")
    }

    @Test("keeps a name that is not UTF-8 byte by byte")
    func bytes() throws {
        let scratch = try Scratch()
        let name: [UInt8] = [0x61, 0xFF, 0xFE, 0x62]
        _ = try write(scratch.path.appending("layer.tar"), .none) {
            try $0.write(TarEntry(TreePath(unchecked: name), .file(size: 0), mode: 0o644))
        }
        let listed = try shell("tar --quoting-style=escape -tf layer.tar 2>/dev/null", in: scratch.path)
        #expect(listed == "a\\377\\376b\n")
    }

    @Test(
        "writes the same bytes on any number of threads",
        arguments: [Compression.none, .gzip(level: 6), .zstd(level: 1)])
    func threads(compression: Compression) throws {
        let scratch = try Scratch()
        // Enough for several frames, and one file that is cut inside.
        try shell(
            """
            head -c 21000000 /dev/urandom >big
            for i in $(seq 300); do head -c $((RANDOM * 3)) /bin/bash >f$i; done
            """, in: try scratch.folder("tree"))
        let layers = try [1, 2, 4].map { threads in
            try write(scratch.path.appending("blob\(threads)"), compression, threads: threads) { writer in
                let folder = try Folder(opening: scratch.path.appending("tree"))
                for entry in try folder.entries() {
                    let status = try #require(try folder.status(of: entry.path))
                    try writer.write(
                        TarEntry(TreePath(unchecked: entry.name), .file(size: status.size), mode: 0o644),
                        contents: File(try folder.open(entry.path)))
                }
            }
        }
        #expect(Set(layers).count == 1)
        let read = compression == .none ? "cat" : compression == .zstd(level: 1) ? "zstd -dcq" : "gzip -dc"
        try shell("mkdir out; \(read) blob4 | tar -C out -xf -; diff -r tree out", in: scratch.path)
    }

    @Test("names contents without their times")
    func contents() throws {
        let scratch = try Scratch()
        func layer(_ time: Int64, _ text: String) throws -> WrittenLayer {
            try write(scratch.path.appending("blob"), .none) {
                let entry = TarEntry(TreePath(normalising: "f"), .file(size: 1), mode: 0o644, modified: time)
                try $0.write(entry, bytes: Array(text.utf8))
            }
        }
        #expect(try layer(1, "a").contents == layer(2, "a").contents)
        #expect(try layer(1, "a").diffID != layer(2, "a").diffID)
        #expect(try layer(1, "a").contents != layer(1, "b").contents)
    }

    @Test("refuses a file that grew or shrank since it was listed", arguments: [4, 6])
    func changed(size: Int64) throws {
        let scratch = try Scratch()
        let path = TreePath(normalising: "f")
        try shell("printf hello >f", in: scratch.path)
        #expect(throws: LayerError.changedWhileReading(path)) {
            try write(scratch.path.appending("blob"), .zstd(level: 3)) {
                let entry = TarEntry(path, .file(size: size), mode: 0o644)
                try $0.write(entry, contents: File(opening: scratch.path.appending("f")))
            }
        }
    }

    @Test("refuses a file whose name would stand for a deletion")
    func reserved() throws {
        let scratch = try Scratch()
        let path = TreePath(normalising: "a/.wh.b")
        #expect(throws: LayerError.reservedName(path)) {
            try write(scratch.path.appending("blob"), .none) {
                try $0.write(TarEntry(path, .file(size: 0), mode: 0o644))
            }
        }
    }

    @Test("copies what it reads to a second file in the same pass")
    func tee() throws {
        let scratch = try Scratch()
        try shell("head -c 1000000 /dev/urandom >f", in: scratch.path)
        let copy = try File(opening: scratch.path.appending("copy"), O_WRONLY | O_CREAT)
        _ = try write(scratch.path.appending("blob"), .zstd(level: 3)) {
            try $0.write(
                TarEntry(TreePath(normalising: "f"), .file(size: 1_000_000), mode: 0o644),
                contents: File(opening: scratch.path.appending("f")), copyTo: copy.number)
        }
        try shell("cmp f copy", in: scratch.path)
    }

    @Test("writes an empty layer as an empty tar")
    func empty() throws {
        let scratch = try Scratch()
        let layer = try write(scratch.path.appending("blob"), .none) { _ in }
        #expect(layer.size == 1024)
        #expect(layer.digest.hex == "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
    }
}
