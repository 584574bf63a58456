import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("Store")
struct StoreTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    @Test("A new store is an OCI layout that only its owner can enter")
    func layout() throws {
        let store = try folder.open()
        let root = try Folder(opening: store.path).status()
        #expect(root.mode == 0o700)
        #expect(try folder.names(in: "").contains("oci-layout"))
        let layout = try File(opening: folder.inside("oci-layout")).readAll(limit: 1000)
        #expect(layout == Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        let index = try ImageIndex(parsing: File(opening: folder.inside("index.json")).readAll(limit: 1000))
        #expect(index.manifests.isEmpty)
    }

    @Test("A store opens again, and eight times at once")
    func reopen() throws {
        let digest = try folder.open().blobs.put([1, 2, 3])
        #expect(try folder.open().blobs.read(digest) == [1, 2, 3])

        let other = try StoreFolder()
        let failures = onThreads(8) { _ in _ = try other.open().blobs.put([1]) }
        #expect(failures.isEmpty)
    }

    @Test("Folders above the store are made with it")
    func parents() throws {
        let store = try Store.open(at: folder.path.appending("a/b/c"), now: 0, boot: "one")
        #expect(try store.names.list().isEmpty)
    }

    @Test("A folder with other things in it is left alone")
    func foreign() throws {
        try Folder(opening: folder.path).makeFolder("store")
        try folder.write("thesis.tex", "years of work")
        #expect(throws: StoreError.foreignFolder(folder.inside(""), holds: "thesis.tex")) { _ = try folder.open() }
        #expect(try folder.names(in: "") == ["thesis.tex"])
        #expect(try Folder(opening: folder.inside("")).status().mode == 0o755)
    }

    @Test("A folder that others could enter is closed to them")
    func tighten() throws {
        try Folder(opening: folder.path).makeFolder("store", mode: 0o755)
        _ = try folder.open()
        #expect(try Folder(opening: folder.inside("")).status().mode == 0o700)
    }

    @Test("A folder of somebody else's is refused", .enabled(if: geteuid() == 0, "needs root"))
    func foreignOwner() throws {
        try Folder(opening: folder.path).makeFolder("store", mode: 0o700)
        try Folder(opening: folder.path).setOwner(of: "store", owner: 4711, group: 4711)
        #expect(throws: StoreError.foreignOwner(folder.inside(""), owner: 4711)) { _ = try folder.open() }
    }

    @Test("A newer schema is refused; a damaged one is called so")
    func schema() throws {
        _ = try folder.open()
        try folder.write("layerbuild.json", #"{"schema": 2}"#)
        #expect(throws: StoreError.newerSchema(folder.inside(""), found: 2)) { _ = try folder.open() }
        for garbage in ["", "{", #"{"schema": "1"}"#, #"{"schema": 0}"#, "[]"] {
            try folder.write("layerbuild.json", garbage)
            let error = try #require(throws: StoreError.self) { _ = try folder.open() }
            #expect(error.isDamage)
            #expect(error.description.contains("layerbuild.json"))
        }
    }

    @Test(
        "What somebody removed is made again",
        arguments: [
            "cache", "layers", "files", "journal", "tmp", "snapshots", "blobs", "index.json", "layerbuild.json",
        ])
    func removed(name: String) throws {
        _ = try folder.open()
        try Folder(opening: folder.inside("")).removeTree(FilePath(name))
        let store = try folder.open()
        let digest = try store.blobs.put([1])
        let key = CacheKey(kind: "run/1", ingredients: [])
        try store.cache.insert(CacheRecord(layer: nil, tree: digest, created: 1), for: key, at: nil)
        _ = try store.snapshots.newSnapshot().commit(DiffID(digest), over: [])
        try store.names.set(
            try #require(Reference("a")), to: Descriptor(mediaType: .manifest, digest: digest, size: 1),
            holding: [digest])
        _ = try store.cache.lock(digest)
        #expect(try store.cache.lookup(key.digest) != nil)
    }

    @Test(
        "A store on a read-only disk can be read, and says why it cannot be written",
        .enabled(if: geteuid() == 0, "needs root"))
    func readOnly() throws {
        let digest = try folder.open().blobs.put([1])
        let mount = try TestMount(readOnly: folder.path)
        defer { mount.remove() }
        let store = try folder.open()
        #expect(try store.blobs.read(digest) == [1])
        #expect(try store.names.list().isEmpty)
        let error = try #require(throws: StoreError.self) { _ = try store.blobs.put([2]) }
        #expect(error.errno == .readOnlyFileSystem)
    }

    @Test("A full disk is told as such and leaves the store usable", .enabled(if: geteuid() == 0, "needs root"))
    func full() throws {
        let mount = try TestMount(memory: folder.path, size: "1m")
        defer { mount.remove() }
        let store = try folder.open()
        let error = try #require(throws: StoreError.self) {
            _ = try store.blobs.put([UInt8](repeating: 1, count: 4 << 20))
        }
        #expect(error.errno == .noSpace)
        #expect(error.remedy.contains("--root"))
        let digest = try store.blobs.put([UInt8](repeating: 1, count: 1000))
        #expect(try store.blobs.verify(digest))
    }
}
