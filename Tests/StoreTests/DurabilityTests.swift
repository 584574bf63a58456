import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("Durability")
struct DurabilityTests {
    let folder: StoreFolder
    let chain = ChainID(.text("chain"))

    init() throws { folder = try StoreFolder() }

    /// A store of boot `one` with two blobs and a snapshot, closed again; one blob then loses its contents.
    func leave(settled: Bool = false) throws -> (sound: Digest, lost: Digest) {
        let store = try folder.open(boot: "one")
        let sound = try store.blobs.put(Array("sound".utf8))
        let lost = try store.blobs.put(Array("lost".utf8))
        _ = try store.snapshots.newSnapshot().commit(DiffID(chain.digest), over: [])
        if settled { try store.settle() }
        try folder.write("blobs/sha256/\(lost.hex)", "\0\0\0\0")
        return (sound, lost)
    }

    @Test("After another boot, blobs are kept if they are sound, and snapshots are made again")
    func boot() throws {
        let (sound, lost) = try leave()
        #expect(try folder.names(in: "journal") == ["one"])
        let store = try folder.open(boot: "two")
        #expect(try store.blobs.read(sound) == Array("sound".utf8))
        #expect(try store.blobs.contains(lost) == false)
        #expect(try store.snapshots.snapshot(chain) == nil)
        #expect(try folder.names(in: "journal").isEmpty)
    }

    @Test("In the same boot nothing is looked at again")
    func sameBoot() throws {
        let (_, lost) = try leave()
        let store = try folder.open(now: 0, boot: "one")
        #expect(try store.blobs.contains(lost))
        #expect(try store.snapshots.snapshot(chain) != nil)
        #expect(try folder.names(in: "journal") == ["one"])
    }

    @Test("What was settled is trusted after another boot")
    func settled() throws {
        let (_, lost) = try leave(settled: true)
        #expect(try folder.names(in: "journal").isEmpty)
        let store = try folder.open(boot: "two")
        #expect(try store.blobs.contains(lost))
        #expect(try store.snapshots.snapshot(chain) != nil)
    }

    @Test("A command that comes more than a minute later settles what an earlier one left")
    func due() throws {
        _ = try leave()
        let marker = try #require(try folder.status("journal/one"))
        _ = try folder.open(now: marker.modified.seconds + 60, boot: "one")
        #expect(try folder.names(in: "journal") == ["one"])
        _ = try folder.open(now: marker.modified.seconds + 61, boot: "one")
        #expect(try folder.names(in: "journal").isEmpty)
    }

    @Test("While another build runs its marker stays, and says that less is unsafe")
    func running() throws {
        let running = try folder.open(boot: "one")
        _ = try running.blobs.put([1])
        let store = try folder.open(now: 0, boot: "one")
        _ = try store.blobs.put([2])
        try folder.write("journal/one", "                   1\n")
        try store.settle()
        let text = try File(opening: folder.inside("journal/one")).readAll(limit: 100)
        let since = try #require(Durability.second(text))
        #expect(since > 1_000_000_000)
        #expect(text.count == 38)
        _ = running
    }

    @Test("The marker of a living build of another machine is left alone")
    func elsewhere() throws {
        let running = try folder.open(boot: "one")
        let digest = try running.blobs.put([1])
        try folder.write("blobs/sha256/\(digest.hex)", "\0")
        let store = try folder.open(boot: "two")
        #expect(try store.blobs.contains(digest))
        #expect(try folder.names(in: "journal") == ["one"])
        _ = running
    }

    @Test("A marker that cannot be read means that nothing is safe", arguments: ["", "\0\0\0", "now"])
    func torn(text: String) throws {
        let (sound, lost) = try leave(settled: true)
        try folder.write("journal/one", text)
        let store = try folder.open(boot: "two")
        #expect(try store.blobs.contains(sound))
        #expect(try store.blobs.contains(lost) == false)
    }

    @Test("A name that was set is there after another boot, with what it holds")
    func names() throws {
        let store = try folder.open(boot: "one")
        let digest = try store.blobs.put([1])
        let name = try #require(Reference("a"))
        let descriptor = Descriptor(mediaType: .manifest, digest: digest, size: 1)
        try store.names.set(name, to: descriptor, holding: [digest, .text("not here")])
        #expect(try folder.open(boot: "two").names.resolve(name) == descriptor)
    }
}
