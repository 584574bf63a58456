import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage
import TestSupport
import Testing

@testable import Builder

@Suite("Cache mounts from elsewhere", .enabled(if: geteuid() == 0, "needs root"))
struct CacheMountImportTests {
    private let bench: ImageBench
    private let name = Digest.of([1])

    init() throws { bench = try ImageBench() }

    /// A cache with one mount, whose tar is this.
    private func place(_ tar: [UInt8], size: Int64? = nil) throws -> ImportedCache {
        var packs = ChunkPacks(bench.store)
        var chunks: [ChunkList.Chunk] = []
        var done = 0
        while done < tar.count {
            try tar.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let length = ContentChunks.firstLength(in: rest)
                chunks.append(try packs.add(UnsafeRawBufferPointer(rebasing: rest[..<length])))
                done += length
            }
        }
        try packs.seal()
        let (used, lists) = packs.used(by: [ChunkList(chunks)])
        let list = lists[0].serialised()
        var document = CacheDocument()
        document.packs = used
        document.mounts = [
            CacheMountRecord(
                name: name, id: "x", mode: 0o750, owner: 3, group: 4, size: size ?? Int64(tar.count),
                list: Descriptor(
                    mediaType: ChunkList.mediaType, digest: try bench.store.blobs.put(list), size: Int64(list.count)))
        ]
        return try imported(document)
    }

    private func imported(_ document: CacheDocument) throws -> ImportedCache {
        let bytes = document.serialised()
        #expect(CacheDocument(parsing: bytes) == document)
        let config = Descriptor(
            mediaType: CacheDocument.mediaType, digest: try bench.store.blobs.put(bytes), size: Int64(bytes.count))
        let manifest = Manifest(config: config, layers: document.blobs).serialised()
        let image = AssembledImage(
            manifest: Descriptor(
                mediaType: .manifest, digest: try bench.store.blobs.put(manifest), size: Int64(manifest.count)),
            config: config, layers: document.blobs, diffIDs: [])
        let path = bench.appending("cache")
        try ImageExporter.inFolder(path, .disk) { folder throws(ImageError) in
            try LayoutFolder(store: bench.store, persistence: .disk).write(BuiltImage(image), named: [], into: folder)
        }
        var cache = ImportedCache(into: try Store.open(at: bench.appending("other"), now: 0))
        #expect(try cache.add(.folder(path), nil) == 0)
        return cache
    }

    private func fill(_ cache: ImportedCache) throws -> Bool { try cache.fill(name, at: bench.appending("mount")) }

    @Test("have the folder's mode and owner, and their files as they were")
    func whole() throws {
        var tar = TarBytes()
        tar.folder("a", mode: "0000711\0")
        tar.file("a/file", String(repeating: "contents", count: 20_000), mode: "0000640\0")
        tar.hardLink("a/same", to: "a/file")
        tar.symbolicLink("link", to: "/etc/passwd")
        tar.end()
        let cache = try place(tar.bytes)
        #expect(try fill(cache))
        #expect(
            try bench.shell("cd mount; stat -c '%n %a %u %g %h %s %Y' . a a/file a/same link; readlink link") == """
                . 750 3 4 3 4096 \(try bench.shell("stat -c %Y mount").trimmingEnd)
                a 711 0 0 2 4096 1600000000
                a/file 640 0 0 2 160000 1600000000
                a/same 640 0 0 2 160000 1600000000
                link 777 0 0 1 11 1600000000
                /etc/passwd

                """)
        #expect(try cache.fill(.of([2]), at: bench.appending("none")) == false)
        #expect(try !bench.names().contains("none"))
    }

    @Test(
        "lead nowhere else",
        arguments: ["../escaped", "/../escaped", "link/escaped", "a/.wh.b"])
    func contained(member: String) throws {
        var tar = TarBytes()
        tar.symbolicLink("link", to: bench.path.string)
        tar.file(member, "x")
        tar.end()
        let cache = try place(tar.bytes)
        _ = try? fill(cache)
        #expect(try !bench.names().contains("escaped"))
        #expect(try bench.shell("find mount -name '*.wh*' | wc -l") == "0\n")
    }

    @Test("of another size than their record says are refused")
    func wrongSize() throws {
        var tar = TarBytes()
        tar.end()
        #expect(throws: ImageError.self) { try fill(try place(tar.bytes, size: 1)) }
    }

    @Test("with a changed byte in a pack are refused")
    func damaged() throws {
        var tar = TarBytes()
        tar.file("file", String(repeating: "contents", count: 20_000))
        tar.end()
        let cache = try place(tar.bytes)
        let pack = try #require(cache.mounts[name]?.place.document.packs.first)
        try bench.shell(
            """
            chmod u+w cache/blobs/sha256/\(pack.digest.hex)
            printf x | dd of=cache/blobs/sha256/\(pack.digest.hex) bs=1 seek=40 conv=notrunc status=none
            """)
        #expect(throws: ImageError.self) { try fill(cache) }
    }

    @Test("are told by lists that hold together")
    func lists() throws {
        let pack = Descriptor(mediaType: CacheDocument.packType, digest: .of([1]), size: 100)
        func list(_ place: ChunkList.Place) -> ChunkList {
            ChunkList([ChunkList.Chunk(digest: .of([2]), place: place)])
        }
        let good = list(ChunkList.Place(pack: 0, offset: 60, length: 40))
        #expect(ChunkList(parsing: good.serialised(), packs: [pack]) == good)
        for place in [
            ChunkList.Place(pack: 1, offset: 0, length: 10), .init(pack: 0, offset: 61, length: 40),
            .init(pack: 0, offset: 0, length: 0), .init(pack: 0, offset: Int(UInt32.max), length: 1),
            .init(pack: Int(UInt32.max), offset: 0, length: 1),
        ] {
            #expect(ChunkList(parsing: list(place).serialised(), packs: [pack]) == nil)
        }
        #expect(ChunkList(parsing: Array(good.serialised().dropLast()), packs: [pack]) == nil)
        #expect(ChunkList(parsing: [], packs: [pack]) == nil)
    }
}

extension String {
    fileprivate var trimmingEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
