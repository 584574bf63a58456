import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("Scratch folders")
struct ScratchTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// A process that makes a folder in `tmp`, locks it, says so, and waits to be killed.
    func spawnHolder() throws -> pid_t {
        let path = folder.inside("tmp/held").string
        let script = "mkdir '\(path)'; touch '\(path)/file'; exec flock -F '\(path)' sh -c 'echo; exec sleep 1000'"
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let reading = File(OwnedDescriptor(ends[0]))
        let writing = OwnedDescriptor(ends[1])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, writing.number, 1)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        try #require(posix_spawn(&pid, "/bin/sh", &actions, nil, &arguments, environ) == 0)
        let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { byte.deallocate() }
        try #require(try reading.read(into: byte) == 1)
        return pid
    }

    @Test("What a killed process left is cleared by the next command, what a living one has is not")
    func killed() throws {
        _ = try folder.open()
        let pid = try spawnHolder()
        _ = try folder.open()
        #expect(try folder.names(in: "tmp") == ["held"])
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        _ = try folder.open()
        #expect(try folder.names(in: "tmp").isEmpty)
    }

    /// Makes folders inside each other, more than a path can name or a process can hold open.
    func deepen(_ name: FilePath, in parent: borrowing Folder, levels: Int) throws {
        try parent.makeFolder(name, mode: 0o700)
        var folder = try parent.openFolder(name)
        for level in 0..<levels {
            if level % 100 == 0 { _ = try folder.createFile(FilePath("deep-\(level)")) }
            try folder.makeFolder("deep-1", mode: 0o500)
            folder = try folder.openFolder("deep-1")
        }
    }

    @Test("A tree that is deeper than any path is cleared too")
    func deep() throws {
        _ = try folder.open()
        try deepen("abandoned", in: Folder(opening: folder.inside("tmp")), levels: 5000)
        let store = try folder.open()
        #expect(store.leftovers.isEmpty)
        #expect(try folder.names(in: "tmp").isEmpty)
    }

    @Test("What cannot be cleared is told and keeps nobody from building", .enabled(if: geteuid() == 0, "needs root"))
    func leftover() throws {
        _ = try folder.open()
        try Folder(opening: folder.inside("tmp")).makeFolder("busy")
        let mount = try TestMount(memory: folder.inside("tmp/busy"), size: "64k")
        let store = try folder.open()
        #expect(store.leftovers.map(\.errno) == [.resourceBusy])
        _ = try store.blobs.put([1])
        mount.remove()
        #expect(try folder.open().leftovers.isEmpty)
    }

    @Test("Scratch folders of open stores survive commands that come and go")
    func concurrent() throws {
        let failures = onThreads(8) { [folder] index in
            for round in 0..<20 {
                let store = try folder.open()
                let active = try store.snapshots.newSnapshot()
                _ = try Folder(opening: active.upper).createFile("file")
                _ = try active.commit(DiffID(.text("\(index) \(round)")), over: [])
            }
        }
        #expect(failures.isEmpty)
        #expect(try folder.names(in: "snapshots").count == 160)
        #expect(try folder.names(in: "tmp").isEmpty)
    }

    @Test("Whatever is put at a scratch path goes with the store")
    func path() throws {
        do {
            let store = try folder.open()
            let path = try store.scratchPath()
            try Folder(opening: path.removingLastComponent()).makeFolder(FilePath(path.lastComponent?.string ?? ""))
            #expect(try folder.names(in: "tmp").count == 1)
        }
        #expect(try folder.names(in: "tmp").isEmpty)
    }
}
