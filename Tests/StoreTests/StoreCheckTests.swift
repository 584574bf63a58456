import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("A check of the store")
struct StoreCheckTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// A store with one of everything that is written by the store itself.
    private func fill() throws {
        let store = try folder.open()
        let blob = try store.blobs.put(Array("contents".utf8))
        let key = CacheKey(kind: "run/1", ingredients: [Ingredient("argument", "make")])
        let layer = DiffID(blob)
        try store.encodings.add(
            EncodedLayer(digest: blob, size: 8, mediaType: .layer, compression: "none", encoding: 1), of: layer)
        try store.cache.insert(
            CacheRecord(layer: layer, tree: blob, created: 1), for: key, at: CacheSlot(recipe: [1], stage: "", step: 1))
        try store.downloads.insert(
            DownloadRecord(digest: blob, size: 8, modified: 1, tag: "\"t\"", modifiedText: nil),
            of: "https://a.example/")
        _ = try store.snapshots.newSnapshot().commit(layer, over: [])
        let status = try #require(try folder.status("oci-layout"))
        try store.files.remember(blob, for: status)
        try store.files.save()
        try store.outputs.remember(blob, for: status, on: .disk)
        try store.names.set(
            try #require(Reference("name")), to: Descriptor(mediaType: .layer, digest: blob, size: 8), holding: [blob])
    }

    private func faults() throws -> [StoreFault] {
        let check = StoreCheck(try folder.open())
        let bad = try check.blobs().compactMap { try check.check($0) }
        return try bad + check.faults(damaged: [])
    }

    /// Every regular file of the store with its size, by name.
    private func files(in name: String = "") throws -> [(name: String, size: Int64)] {
        try Folder(opening: folder.inside(name)).entries().flatMap { entry -> [(name: String, size: Int64)] in
            let path = (name.isEmpty ? "" : name + "/") + String(decoding: entry.name, as: UTF8.self)
            guard let status = try folder.status(path) else { return [] }
            return status.kind == .folder ? try files(in: path) : [(path, status.size)]
        }
    }

    private func flip(_ bit: Int64, of name: String) throws {
        let file = try File(opening: folder.inside(name), O_RDWR)
        var bytes = try file.readAll(limit: 1 << 20)
        bytes[Int(bit / 8)] ^= 1 << UInt8(bit % 8)
        try file.seek(to: 0)
        try file.write(bytes)
    }

    @Test("finds nothing in a store that is as it was written")
    func sound() throws {
        try fill()
        #expect(try faults().isEmpty)
    }

    @Test("closes the store to builds while it knows of damage, and opens it when nothing is left of it")
    func note() throws {
        try fill()
        let check = StoreCheck(try folder.open())
        let fault = StoreFault(.folder, "snapshots/x", "it is not what its layer holds")
        try check.note([fault])
        let error = try #require(throws: StoreError.self) { _ = try folder.open() }
        #expect(error.isDamage)
        #expect(error.remedy.contains("fsck --repair"))
        _ = try Store.openAsFound(at: folder.path.appending("store"), now: StoreFolder.later)
        try check.note([])
        _ = try folder.open()
        // No build takes these for good, or uses them at all.
        try check.note([
            StoreFault(.container, "containers/x", "it is another"), StoreFault(.mended, "journal/x", "it was mended"),
            StoreFault(.incomparable, "snapshots/x", "it is still packed"),
            StoreFault(.names, "index.json", "another program changed it"),
            StoreFault(.file, "cache/1/keys/x", "it does not fit its seal"),
        ])
        _ = try folder.open()
        try check.note([StoreFault(.file, "blobs/sha256/x", "its contents are not those of its name")])
        #expect(throws: StoreError.self) { _ = try folder.open() }
    }

    @Test("finds every bit that flips in any file that the store writes, and names the file")
    func flips() throws {
        try fill()
        // The first to come settles what the journal says, and it is gone.
        #expect(try faults().isEmpty)
        var tried = 0
        for (name, size) in try files() where size > 0 {
            for bit in stride(from: Int64(0), to: size * 8, by: 3) {
                let good = try File(opening: folder.inside(name)).readAll(limit: 1 << 20)
                try flip(bit, of: name)
                let named: Bool
                do {
                    named = try faults().contains { fault in
                        fault.path.string == name || name.hasPrefix(fault.path.string + "/")
                    }
                } catch let error as StoreError {
                    named = error.isDamage && error.description.contains(name)
                }
                #expect(named, "bit \(bit) of \(name)")
                try File(opening: folder.inside(name), O_WRONLY | O_TRUNC).write(good)
                tried += 1
            }
        }
        #expect(tried > 1000)
        #expect(try faults().isEmpty)
    }

    @Test("tells a journal in which a bit flipped")
    func journal() throws {
        let store = try folder.open(now: 0)
        _ = try store.blobs.put([1])
        let text = try File(opening: folder.inside("journal/one")).readAll(limit: 100)
        #expect(Durability.second(text) != nil)
        for bit in 0..<text.count * 8 {
            var flipped = text
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Durability.second(flipped) == nil)
        }
        try folder.write("journal/one", String(repeating: " ", count: 40))
        #expect(try StoreCheck(store).faults(damaged: []).map(\.path) == ["journal/one"])
    }

    @Test("names a journal in which a bit flipped although opening the store has settled it")
    func settledJournal() throws {
        _ = try folder.open(now: 0).blobs.put([1])
        try flip(9, of: "journal/one")
        let found = try faults()
        #expect(found.map(\.subject) == [.mended])
        #expect(found.map(\.path) == ["journal/one"])
        #expect(try faults().isEmpty)
        _ = try folder.open(now: 0).blobs.put([2])
        try flip(300, of: "journal/one")
        let store = try folder.open(boot: "two")
        #expect(try StoreCheck(store).faults(damaged: []).map(\.path) == ["journal/one"])
    }

    @Test("names the schema in which a bit flipped, which opening the store has written again")
    func schema() throws {
        try fill()
        let good = try File(opening: folder.inside("layerbuild.json")).readAll(limit: 100)
        for bit in 0..<Int64(good.count * 8) {
            try flip(bit, of: "layerbuild.json")
            #expect(try faults().map(\.path) == ["layerbuild.json"])
            #expect(try File(opening: folder.inside("layerbuild.json")).readAll(limit: 100) == good)
        }
        try folder.write("layerbuild.json", "?")
        #expect(throws: StoreError.self) { _ = try folder.open() }
    }

    @Test("is followed by a repair that turns a flipped bit of the names back")
    func flippedNames() throws {
        try fill()
        let good = try File(opening: folder.inside("index.json")).readAll(limit: 1 << 20)
        for bit in [Int64(0), 77, Int64(good.count * 8) - 3] {
            try flip(bit, of: "index.json")
            let found = try faults()
            #expect(found.contains { $0.subject == .names })
            #expect(try StoreRepair(try folder.open()).mend(found.filter { $0.subject == .names }).isEmpty)
            #expect(try File(opening: folder.inside("index.json")).readAll(limit: 1 << 20) == good)
        }
        try folder.write("index.json", "{")
        let left = try StoreRepair(try folder.open()).mend(try faults())
        #expect(left.map(\.path) == ["index.json"])
    }

    @Test("names the file of a cache mount that is not what it was, and a repair drops the mount")
    func cacheMounts() throws {
        let id = Digest.text("id")
        let name = "mounts/\(id.hex)/0"
        let store = try folder.open()
        func use(_ text: String) throws {
            let mount = try #require(try store.mounts.claim(id, number: 0, .exclusive))
            let filling = try mount.filling()
            if let filling {
                try Folder(opening: filling.path.removingLastComponent()).makeFolder(
                    FilePath(filling.path.lastComponent?.string ?? ""))
                try filling.commit()
            }
            try folder.write("\(name)/fs/file", text)
            // While somebody has it there is nothing to compare it with.
            #expect(try StoreCheck(store).unverifiable(containers: 0, snapshots: 0).cacheMounts == 1)
            #expect(try folder.status("\(name)/listing") == nil)
        }
        try use("contents")
        // The build that had it last was killed.
        let used = try #require(try folder.status(name)).modified
        #expect(try StoreCheck(store).unverifiable(containers: 0, snapshots: 0).cacheMounts == 1)
        #expect(try StoreCheck(store).unverifiable(containers: 0, snapshots: 0).cacheMounts == 0)
        #expect(try folder.status(name)?.modified == used)
        #expect(try faults().isEmpty)
        for bit in Int64(0)..<64 {
            try flip(bit, of: "\(name)/fs/file")
            #expect(try faults().map(\.path.string) == ["\(name)/fs/file"])
            try flip(bit, of: "\(name)/fs/file")
        }
        let size = try #require(try folder.status("\(name)/listing")).size
        for bit in stride(from: Int64(0), to: size * 8, by: 7) {
            try flip(bit, of: "\(name)/listing")
            #expect(try faults().map(\.path.string) == ["\(name)/listing"])
            try flip(bit, of: "\(name)/listing")
        }
        // A step may write what it likes.
        try use("others")
        #expect(try faults().isEmpty)
        let old = try #require(try folder.status("\(name)/listing.old")).size
        for bit in stride(from: Int64(0), to: old * 8, by: 7) {
            try flip(bit, of: "\(name)/listing.old")
            #expect(try faults().map(\.path.string) == ["\(name)/listing.old"])
            try flip(bit, of: "\(name)/listing.old")
        }
        #expect(try #require(try store.mounts.listing(of: id, number: 0)).take { true })
        #expect(try StoreCheck(store).unverifiable(containers: 0, snapshots: 0).cacheMounts == 0)
        try folder.write("\(name)/fs/more", "more")
        try Folder(opening: folder.inside("\(name)/fs")).rename(
            "file", to: "away", in: Folder(opening: folder.inside("\(name)/fs")))
        #expect(try faults().map(\.path.string) == ["away", "file", "more"].map { "\(name)/fs/\($0)" })
        try Folder(opening: folder.inside("\(name)/fs")).rename(
            "away", to: "file", in: Folder(opening: folder.inside("\(name)/fs")))
        try Folder(opening: folder.inside("\(name)/fs")).unlink("more")
        try flip(0, of: "\(name)/fs/file")
        #expect(try StoreRepair(store).mend(try faults()).isEmpty)
        #expect(try folder.status(name) == nil)
        #expect(try faults().isEmpty)
    }

    @Test("says that another program has changed the names, until that is accepted")
    func foreignNames() throws {
        try fill()
        let text = try File(opening: folder.inside("index.json")).readAll(limit: 1 << 20)
        var index = try ImageIndex(parsing: text)
        index.manifests.append(Descriptor(mediaType: .layer, digest: .text("contents"), size: 8))
        try folder.write("index.json", String(decoding: index.serialised(), as: UTF8.self))
        // Our own writing does not hide it.
        let store = try folder.open()
        _ = try store.names.remove(try #require(Reference("name")))
        let found = try faults()
        #expect(found.map(\.subject) == [.names])
        #expect(try StoreRepair(store).mend(found).isEmpty)
        #expect(try faults().isEmpty)
    }

    @Test("is followed by a repair that drops what is bad and keeps the rest")
    func repair() throws {
        try fill()
        let blob = Digest.text("contents")
        try folder.write("blobs/sha256/\(blob.hex)", "c0ntents")
        let store = try folder.open()
        let check = StoreCheck(store)
        let bad = try check.blobs().compactMap { try check.check($0) }
        let all = try bad + check.faults(damaged: [blob])
        #expect(all.map(\.subject) == [.file, .name(try #require(Reference("name")))])
        #expect(try StoreRepair(store).mend(all).isEmpty)
        #expect(try store.blobs.contains(blob) == false)
        #expect(try store.names.list().isEmpty)
        #expect(try faults().isEmpty)
    }
}
