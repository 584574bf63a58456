import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("SnapshotStore")
struct SnapshotStoreTests {
    let folder: StoreFolder
    let store: Store
    let chain = ChainID(.text("chain"))

    init() throws {
        folder = try StoreFolder()
        store = try folder.open()
    }

    @Test("A snapshot is there only once it is committed")
    func commit() throws {
        let active = try store.snapshots.newSnapshot()
        #expect(try Folder(opening: active.upper).status().mode == 0o755)
        _ = try Folder(opening: active.upper).createFile("made")
        _ = try Folder(opening: active.work).createFile("left by the kernel")
        #expect(try store.snapshots.snapshot(chain) == nil)
        let path = try active.commit(DiffID(chain.digest), over: [])
        #expect(try store.snapshots.snapshot(chain) == path)
        #expect(try Folder(opening: path).entries().map(\.name) == [Array("made".utf8)])
        #expect(try folder.names(in: "snapshots/\(chain.digest.hex)") == ["fs", "layers.json"])
    }

    @Test("Of two builds that make the same snapshot the first keeps it, and the second finds it")
    func second() throws {
        let first = try store.snapshots.newSnapshot()
        let second = try store.snapshots.newSnapshot()
        _ = try Folder(opening: first.upper).createFile("first")
        _ = try Folder(opening: second.upper).createFile("second")
        let path = try first.commit(DiffID(chain.digest), over: [])
        #expect(try second.commit(DiffID(chain.digest), over: []) == path)
        #expect(try Folder(opening: path).entries().map(\.name) == [Array("first".utf8)])
    }

    @Test("A snapshot that is dropped or removed leaves nothing")
    func dropped() throws {
        do {
            let active = try store.snapshots.newSnapshot()
            try Folder(opening: active.upper).makeFolder("locked", mode: 0)
        }
        _ = try store.snapshots.newSnapshot().commit(DiffID(chain.digest), over: [])
        try store.snapshots.remove(chain)
        try store.snapshots.remove(chain)
        #expect(try store.snapshots.snapshot(chain) == nil)
        store.snapshots.sweeper.finish()
        let scratch = try folder.names(in: "tmp")
        #expect(scratch.count == 1)
        #expect(try folder.names(in: "tmp/\(scratch[0])").isEmpty)
    }
}
