import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("A listing of a cache mount")
struct MountListingTests {
    private static let id = Digest.text("id")
    private static let name = "mounts/\(id.hex)/0"

    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    private func claim(_ store: Store, _ mode: FileLock.Mode = .shared) throws -> MountFolder {
        let mount = try #require(try store.mounts.claim(Self.id, number: 0, mode))
        if let filling = try mount.filling() {
            let place = FilePath(filling.path.lastComponent?.string ?? "")
            try Folder(opening: filling.path.removingLastComponent()).makeFolder(place)
            try filling.commit()
        }
        return mount
    }

    private func begin(_ store: Store) throws -> PendingListing? { try store.mounts.listing(of: Self.id, number: 0) }

    private func listing() throws -> MountListing? {
        guard try folder.status("\(Self.name)/listing") != nil else { return nil }
        return MountListing(parsing: try File(opening: folder.inside("\(Self.name)/listing")).readAll(limit: 1 << 20))
    }

    private func paths(_ listing: MountListing) -> [String] {
        var cursor = MountListing.Cursor(listing)
        var paths: [String] = []
        while let entry = cursor.next {
            paths.append(String(decoding: entry.path, as: UTF8.self))
            cursor.advance()
        }
        return paths
    }

    @Test("has what is in a folder by the bytes of the names, and then what is in its folders")
    func order() throws {
        let store = try folder.open()
        _ = try claim(store)
        for name in ["a", "a/b", "a/b/c", "a-b", "z"] {
            try Folder(opening: folder.inside("\(Self.name)/fs")).makeFolder(FilePath(name))
        }
        for name in ["a/x", "a-b/x", "b", "a/b/c/\u{1}", "a/b/d"] { try folder.write("\(Self.name)/fs/\(name)", name) }
        #expect(try #require(try begin(store)).take { true })
        let paths = paths(try #require(try listing()))
        #expect(
            paths == ["a", "a-b", "b", "z", "a/b", "a/x", "a/b/c", "a/b/d", "a/b/c/\u{1}", "a-b/x"])
        for (index, path) in paths.enumerated() {
            for (other, second) in paths.enumerated() {
                #expect(MountListing.precedes(Array(path.utf8), Array(second.utf8)) == (index < other))
            }
        }
    }

    @Test("is taken by whoever gives the mount back last")
    func lastOne() throws {
        let (one, other) = (try folder.open(), try folder.open())
        var first: MountFolder? = try claim(one)
        var second: MountFolder? = try claim(other)
        #expect(try begin(other) == nil)
        withExtendedLifetime(first) {}
        first = nil
        try folder.write("\(Self.name)/fs/file", "contents")
        #expect(try begin(one) == nil)
        withExtendedLifetime(second) {}
        second = nil
        let listing = try #require(try begin(other))
        // There is one who does it.
        #expect(try begin(one) == nil)
        #expect(try listing.take { true })
        #expect(paths(try #require(try self.listing())) == ["file"])
        // It is done.
        #expect(try begin(one) == nil)
    }

    @Test("does not count if somebody has the mount again before it is done")
    func overtaken() throws {
        let store = try folder.open()
        _ = try claim(store)
        for name in ["a", "b", "c"] { try folder.write("\(Self.name)/fs/\(name)", name) }
        let listing = try #require(try begin(store))
        let step = try claim(try folder.open())
        #expect(try !listing.take { true })
        #expect(try self.listing() == nil)
        withExtendedLifetime(step) {}
    }

    @Test("is no error if what is listed is moved away meanwhile")
    func cleared() throws {
        let store = try folder.open()
        _ = try claim(store)
        let listing = try #require(try begin(store))
        try #require(try store.mounts.claim(Self.id, number: 0, .exclusive)).clear()
        #expect(try !listing.take { true })
        #expect(try begin(store) == nil)
    }

    @Test("is not there after one was cut off, and the next who has the mount takes it")
    func cutOff() throws {
        let store = try folder.open()
        _ = try claim(store)
        try folder.write("\(Self.name)/fs/file", "contents")
        #expect(try !#require(try begin(store)).take { false })
        #expect(try listing() == nil)
        #expect(try #require(try begin(store)).take { true })
        #expect(try folder.names(in: Self.name).sorted() == ["fs", "listing"])
    }

    @Test("stops to count when a step is about to write, and is kept for what it says of unchanged files")
    func retired() throws {
        let store = try folder.open()
        _ = try claim(store)
        #expect(try #require(try begin(store)).take { true })
        let step = try claim(store)
        #expect(try folder.names(in: Self.name).sorted() == ["fs", "listing.old"])
        withExtendedLifetime(step) {}
    }

    @Test("takes over the digest of a file that is as it was, and of no other")
    func unchanged() throws {
        let store = try folder.open()
        _ = try claim(store)
        let root = store.root
        let mount = StoreLayout.mount(Self.id, 0)
        let files = try Folder(opening: folder.inside("\(Self.name)/fs"))
        guard try files.showsEveryChange() else { return }
        try folder.write("\(Self.name)/fs/new", "new")
        let old = try FileStatus(following: "/bin/sh")
        let new = try #require(try files.status(of: "new"))
        let digest = Digest.text("noted")
        let file = try File(opening: folder.inside("\(Self.name)/listing.old"), O_WRONLY | O_CREAT, mode: 0o600)
        var writer = MountListingWriter()
        for (path, status) in [("new", new), ("old", old), ("other", old)] {
            let state = MountListing.state(of: status)
            try writer.write(MountListing.Entry(path: Array(path.utf8), digest: digest, state: state), to: file)
        }
        try writer.finish(file)
        func known(_ path: String, _ status: FileStatus, _ state: UInt64) throws -> Digest? {
            var earlier = try #require(try EarlierListing(of: mount, in: root))
            return earlier.digest(of: Array(path.utf8), status, state)
        }
        #expect(try known("old", old, MountListing.state(of: old)) == digest)
        #expect(try known("other", old, MountListing.state(of: old)) == digest)
        #expect(try known("old", old, MountListing.state(of: new)) == nil)
        #expect(try known("older", old, MountListing.state(of: old)) == nil)
        // It was changed so shortly before that a step may have changed it again.
        #expect(try known("new", new, MountListing.state(of: new)) == nil)
        try File(opening: folder.inside("\(Self.name)/listing.old"), O_WRONLY | O_APPEND).write([0])
        #expect(try EarlierListing(of: mount, in: root) == nil)
    }

    @Test("that the disk does not have whole after another boot is no damage")
    func torn() throws {
        let store = try folder.open()
        _ = try claim(store)
        #expect(try #require(try begin(store)).take { true })
        try folder.write("\(Self.name)/listing", "")
        _ = consume store
        let next = try folder.open(boot: "two")
        #expect(try StoreCheck(next).faults(damaged: []).isEmpty)
        #expect(try folder.names(in: Self.name) == ["fs"])
    }
}
