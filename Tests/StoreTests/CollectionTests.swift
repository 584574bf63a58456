import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("Making room in a store")
struct CollectionTests {
    private static let day: Int64 = 86_400

    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// A step that ran, its layer, and the layer unpacked.
    private struct Step {
        let key: Digest
        let blob: Digest
        let chain: ChainID
    }

    private func step(_ name: String, in store: Store) throws -> Step {
        let key = CacheKey(kind: "run/1", ingredients: [Ingredient("argument", name)])
        let layer = DiffID(.text("layer \(name)"))
        let blob = try store.blobs.put([UInt8](repeating: 7, count: 100_000) + Array(name.utf8))
        let size = try #require(try store.blobs.size(of: blob))
        try store.encodings.add(
            EncodedLayer(digest: blob, size: size, mediaType: .layerZstd, compression: "zstd", encoding: 1), of: layer)
        try store.cache.insert(
            CacheRecord(layer: layer, tree: blob, created: 1), for: key,
            at: CacheSlot(recipe: Array(name.utf8), stage: "", step: 1))
        let snapshot = try store.snapshots.newSnapshot()
        try Folder(opening: snapshot.upper).createFile("file").write([UInt8](repeating: 1, count: 50_000))
        _ = try snapshot.commit(layer, over: [])
        return Step(key: key.digest, blob: blob, chain: ChainID(layer, over: nil))
    }

    /// Lets a step look as if it had last been used then.
    private func age(_ step: Step, to second: Int64) throws {
        let root = try Folder(opening: folder.inside(""))
        for name in [StoreLayout.record(step.key), StoreLayout.layers(of: step.chain)] {
            try root.setModified(of: name, FileStatus.Time(seconds: second))
        }
    }

    private func image(_ name: String, of step: Step?, in store: Store) throws -> Digest {
        let config = try store.blobs.put(
            ImageConfig(platform: Platform(os: "linux", architecture: "amd64")).serialised())
        let size = try #require(try store.blobs.size(of: config))
        let layers = try step.map { step in
            [
                Descriptor(
                    mediaType: .layerZstd, digest: step.blob, size: try #require(try store.blobs.size(of: step.blob)))
            ]
        }
        let bytes = Manifest(
            config: Descriptor(mediaType: .config, digest: config, size: size), layers: layers ?? []
        ).serialised()
        let manifest = try store.blobs.put(bytes)
        try store.names.set(
            try #require(Reference(name)),
            to: Descriptor(mediaType: .manifest, digest: manifest, size: Int64(bytes.count)), holding: [])
        return manifest
    }

    private func collect(_ policy: RetentionPolicy) throws -> CollectionPlan {
        let path = folder.path.appending("store")
        let store = try #require(try Store.openIfUnused(at: path, now: StoreFolder.later, boot: "one"))
        let collector = GarbageCollector(store)
        let plan = try collector.plan(policy)
        try collector.carryOut(plan)
        return plan
    }

    private func isKept(_ step: Step) throws -> Bool {
        let store = try folder.open()
        let record = try store.cache.lookup(step.key) != nil
        let blob = try store.blobs.contains(step.blob)
        let snapshot = try store.snapshots.snapshot(step.chain) != nil
        #expect(record == blob && blob == snapshot)
        return record
    }

    @Test("Without a bound only what nothing needs goes")
    func unneeded() throws {
        let step = try self.step("a", in: try folder.open())
        let stray = try folder.open().blobs.put(Array("nobody needs it".utf8))
        let plan = try collect(RetentionPolicy())
        #expect(plan.removals.map(\.path) == [StoreLayout.blob(stray)])
        #expect(try isKept(step))
    }

    @Test("What a name needs stays, whatever the bound")
    func named() throws {
        var store: Store? = try folder.open()
        let step = try self.step("a", in: try #require(store))
        let manifest = try image("kept", of: step, in: try #require(store))
        store = nil
        _ = try collect(.everything)
        store = try folder.open()
        #expect(try store?.blobs.contains(manifest) == true)
        #expect(try store?.blobs.contains(step.blob) == true)
        #expect(try store?.cache.lookup(step.key) == nil)
        _ = try store?.names.remove(try #require(Reference("kept")))
        store = nil
        _ = try collect(RetentionPolicy())
        #expect(try folder.open().blobs.contains(step.blob) == false)
    }

    @Test("By age, what was used since stays, with all that it leads to")
    func age() throws {
        let now = StoreFolder.later
        let (old, recent) = (try step("old", in: try folder.open()), try step("recent", in: try folder.open()))
        try age(old, to: now - 8 * Self.day)
        try age(recent, to: now - 6 * Self.day)
        _ = try collect(RetentionPolicy(unusedSince: now - 7 * Self.day))
        #expect(try isKept(recent))
        #expect(try !isKept(old))
        #expect(try folder.names(in: "cache/1/slots").count == 1)
        #expect(try folder.names(in: "cache/1/parts").count == 1)
        #expect(try folder.names(in: "layers").count == 1)
    }

    @Test("By size, what was not used for longest goes first, and no more than has to")
    func size() throws {
        let now = StoreFolder.later
        let steps = try ["a", "b", "c"].map { try step($0, in: try folder.open()) }
        for (index, step) in steps.enumerated() { try age(step, to: now - Int64(9 - index) * Self.day) }
        let before = try folder.open().usage().total
        let plan = try collect(RetentionPolicy(maximumSize: before - 1))
        #expect(plan.sizeBefore == before)
        let after = try folder.open().usage().total
        #expect(after <= before - 1)
        #expect(after > before / 2)
        #expect(try isKept(steps[1]) && isKept(steps[2]))
        #expect(try folder.open().cache.lookup(steps[0].key) == nil || !isKept(steps[0]))
    }

    @Test("A use is noted: what a build found again is recent")
    func use() throws {
        let now = StoreFolder.later
        let step = try self.step("a", in: try folder.open())
        try age(step, to: now - 30 * Self.day)
        let store = try folder.open(now: now)
        try store.cache.note(step.key, at: CacheSlot(recipe: [], stage: "", step: 1))
        _ = try store.snapshots.snapshot(step.chain)
        #expect(try folder.status("\(StoreLayout.record(step.key))")?.modified.seconds == now)
        #expect(try folder.status("\(StoreLayout.layers(of: step.chain))")?.modified.seconds == now)
    }

    @Test("A damaged document stops everything: what it named must not go")
    func damage() throws {
        var store: Store? = try folder.open()
        let step = try self.step("a", in: try #require(store))
        let manifest = try image("kept", of: step, in: try #require(store))
        store = nil
        try folder.write("blobs/sha256/\(manifest.hex)", "{")
        let error = try #require(throws: StoreError.self) { _ = try collect(.everything) }
        #expect(error.isDamage)
        #expect(try folder.open().blobs.contains(step.blob))
    }

    @Test("Nobody makes room while somebody works in the store")
    func lock() throws {
        let path = folder.path.appending("store")
        var working: Store? = try folder.open()
        #expect(try Store.openIfUnused(at: path, now: 0) == nil)
        #expect(working != nil)
        working = nil
        #expect(try Store.openIfUnused(at: path, now: 0) != nil)
    }

    @Test("The total is what du says, hard links and sparse files included")
    func usage() throws {
        let store = try folder.open()
        _ = try step("a", in: store)
        let snapshot = try store.snapshots.newSnapshot()
        let upper = try Folder(opening: snapshot.upper)
        try upper.createFile("one").write([UInt8](repeating: 1, count: 30_000))
        try upper.makeHardLink("two", to: "one", in: upper)
        try upper.createFile("hole").truncate(to: 1 << 30)
        var deep = FilePath("deep")
        for _ in 0..<100 {
            try upper.makeFolder(deep)
            deep.append("a folder with a long name")
        }
        _ = try snapshot.commit(DiffID(.text("x")), over: [])
        let usage = try store.usage()
        #expect(usage.total == (try diskUsage(of: folder.inside(""))))
        #expect(usage[.snapshots].count == 2)
        #expect(usage[.blobs].count == 1)
    }

    private func diskUsage(of path: FilePath) throws -> Int64 {
        let stream = try #require(popen("du -s --block-size=1 '\(path)'", "r"))
        defer { pclose(stream) }
        var line = [CChar](repeating: 0, count: 256)
        let text = try #require(fgets(&line, 256, stream).map { String(cString: $0) })
        return try #require(Int64(text.prefix { $0.isNumber }))
    }
}
