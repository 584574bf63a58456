import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage
import Testing

@testable import Store

@Suite("CacheIndex")
struct CacheIndexTests {
    let folder: StoreFolder
    let store: Store
    let slot = CacheSlot(recipe: Array("/src/Recipe".utf8), stage: "build", step: 3)
    let key = CacheKey(kind: "run/1", ingredients: [Ingredient("command", "make")])
    let record = CacheRecord(
        layer: DiffID(.text("layer")), tree: .text("tree"), created: 1_700_000_000, milliseconds: 12,
        uncompressedSize: 1024, entryCount: 2)

    init() throws {
        folder = try StoreFolder()
        store = try folder.open()
    }

    /// The lock files that are there. The store that made the folder also has its scratch folder in `tmp`.
    func keyLocks() throws -> [String] { try folder.names(in: "tmp").filter { $0.hasPrefix("key-") } }

    @Test("What a key produced is found again, with or without a layer")
    func insert() throws {
        #expect(try store.cache.lookup(key.digest) == nil)
        try store.cache.insert(record, for: key, at: slot)
        #expect(try folder.open().cache.lookup(key.digest) == record)
        let unchanged = CacheRecord(layer: nil, tree: .text("tree"), created: 1)
        try store.cache.insert(unchanged, for: key, at: nil)
        #expect(try store.cache.lookup(key.digest) == unchanged)
    }

    @Test("A record that cannot be read is no record", arguments: ["", "{}", "\0\0\0\0", #"{"layer":"sha256:1"}"#])
    func garbage(text: String) throws {
        try store.cache.insert(record, for: key, at: slot)
        try folder.write("cache/1/keys/\(key.digest.hex).json", text)
        #expect(try store.cache.lookup(key.digest) == nil)
    }

    @Test("A flipped bit anywhere in a record makes it no record, and never another one")
    func flipped() throws {
        let name = "cache/1/keys/\(key.digest.hex).json"
        try store.cache.insert(record, for: key, at: nil)
        let bytes = try File(opening: folder.inside(name)).readAll(limit: 10_000)
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 1
            try File(opening: folder.inside(name), O_WRONLY).write(flipped)
            #expect(try store.cache.lookup(key.digest) == nil, "byte \(index)")
        }
        try store.cache.insert(record, for: key, at: nil)
        #expect(try store.cache.lookup(key.digest) == record)
    }

    @Test("The last key of a place in a recipe is remembered with its parts")
    func slots() throws {
        #expect(try store.cache.lastKey(at: slot) == nil)
        try store.cache.insert(record, for: key, at: slot)
        #expect(try store.cache.lastKey(at: slot) == key)
        let next = CacheKey(kind: "run/1", ingredients: [Ingredient("command", "make all")])
        try store.cache.insert(record, for: next, at: slot)
        #expect(try store.cache.lastKey(at: slot) == next)
        try store.cache.note(key.digest, at: slot)
        #expect(try store.cache.lastKey(at: slot) == key)
        #expect(try store.cache.lastKey(at: CacheSlot(recipe: slot.recipe, stage: "build", step: 4)) == nil)
        try folder.write("cache/1/parts/\(key.digest.hex)", "something else")
        #expect(try store.cache.lastKey(at: slot) == nil)
    }

    @Test("Noting the key that was seen last time writes nothing")
    func unchangedSlot() throws {
        try store.cache.note(key.digest, at: slot)
        let before = try folder.status("cache/1/slots/\(slot.digest.hex)")
        try store.cache.note(key.digest, at: slot)
        #expect(try folder.status("cache/1/slots/\(slot.digest.hex)") == before)
    }

    @Test("Only one of eight builds makes a key at a time")
    func lock() throws {
        let inside = Atomic<Int>(0)
        let failures = onThreads(8) { [folder, key] _ in
            let store = try folder.open()
            for _ in 0..<50 {
                let lock = try store.cache.lock(key.digest)
                #expect(inside.add(1, ordering: .relaxed).newValue == 1)
                inside.subtract(1, ordering: .relaxed)
                lock.release()
            }
        }
        #expect(failures.isEmpty)
        #expect(try keyLocks().isEmpty)
    }

    @Test("A key that somebody makes is not free, and is free afterwards")
    func tryLock() throws {
        let held = try store.cache.lock(key.digest)
        let refused = try folder.open().cache.tryLock(key.digest) == nil
        #expect(refused)
        held.release()
        let granted = try folder.open().cache.tryLock(key.digest) != nil
        #expect(granted)
    }

    @Test("The lock file of a build that was killed is cleared, the one of a running build is not")
    func leftover() throws {
        try folder.write("tmp/key-\(Digest.text("dead").hex)", "")
        let held = try store.cache.lock(key.digest)
        _ = try folder.open()
        #expect(try keyLocks() == ["key-\(key.digest.hex)"])
        held.release()
    }
}
