import Glibc
import Linux
import SystemPackage
import Testing

@Suite("Folder") struct FolderTests {
    /// Runs a test in a folder of its own.
    private func within(_ body: (borrowing Folder, FilePath) throws -> Void) throws {
        let scratch = try ScratchFolder(in: "/tmp")
        try body(try Folder(opening: scratch.path), scratch.path)
    }

    private func errno<Result: ~Copyable>(_ body: () throws(SyscallError) -> Result) -> Errno? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.errno
        }
    }

    private func contents(_ handle: consuming OwnedDescriptor) throws -> String {
        String(decoding: try File(handle).readAll(limit: 100), as: UTF8.self)
    }

    @Test("Entries come sorted by bytes, with their kinds, without `.` and `..`")
    func entries() throws {
        try within { folder, _ in
            try folder.makeFolder("b")
            _ = try folder.createFile("a")
            try folder.makeLink("Z", target: Array("nowhere".utf8))
            try folder.makeNode("fifo", .fifo, mode: 0o600)
            _ = try folder.createFile(FilePath(bytes: [0xFF, 0xFE]))
            let entries = try folder.entries()
            #expect(entries.map(\.name) == [[0x5A], [0x61], [0x62], Array("fifo".utf8), [0xFF, 0xFE]])
            #expect(entries.map(\.kind) == [.symbolicLink, .regular, .folder, .fifo, .regular])
            #expect(entries.last?.path.bytes == [0xFF, 0xFE])
            #expect(try folder.entries() == entries)
        }
    }

    @Test("A status is the entry's own, and nil where there is nothing")
    func status() throws {
        try within { folder, _ in
            try folder.createFile("file", mode: 0o600).write([1, 2, 3])
            try folder.setMode(of: "file", 0o4751)
            try folder.setModified(of: "file", FileStatus.Time(seconds: -5, nanoseconds: 7))
            try folder.makeHardLink("second", to: "file", in: folder)
            try folder.makeLink("link", target: Array("file".utf8))
            let status = try #require(try folder.status(of: "file"))
            #expect(status.kind == .regular)
            #expect(status.mode == 0o4751)
            #expect(status.size == 3)
            #expect(status.modified == FileStatus.Time(seconds: -5, nanoseconds: 7))
            #expect(status.linkCount == 2)
            #expect(try folder.status(of: "second")?.inode == status.inode)
            #expect(try folder.status(of: "link")?.kind == .symbolicLink)
            #expect(try folder.status(of: "missing") == nil)
            #expect(try folder.status(of: "file/below") == nil)
        }
    }

    @Test("A link's target is its bytes; changes of a link are the link's own")
    func links() throws {
        try within { folder, _ in
            try folder.createFile("file").write([1])
            try folder.setModified(of: "file", FileStatus.Time(seconds: 10))
            try folder.makeLink("link", target: Array("./file//".utf8))
            try folder.setModified(of: "link", FileStatus.Time(seconds: 20))
            #expect(try folder.linkTarget(of: "link") == Array("./file//".utf8))
            #expect(try folder.status(of: "file")?.modified.seconds == 10)
            #expect(try folder.status(of: "link")?.modified.seconds == 20)
            #expect(errno { () throws(SyscallError) in try folder.open("link") } == .tooManySymbolicLinkLevels)
            #expect(errno { () throws(SyscallError) in try folder.linkTarget(of: "file") } == .invalidArgument)
        }
    }

    @Test("What is there is neither created nor replaced by accident")
    func creation() throws {
        try within { folder, _ in
            _ = try folder.createFile("file")
            try folder.makeLink("link", target: Array("new".utf8))
            #expect(errno { () throws(SyscallError) in try folder.createFile("file") } == .fileExists)
            #expect(errno { () throws(SyscallError) in try folder.createFile("link") } == .fileExists)
            #expect(errno { () throws(SyscallError) in try folder.makeFolder("file") } == .fileExists)
            #expect(try folder.status(of: "new") == nil)
        }
    }

    @Test("Files are renamed, unlinked and removed")
    func changes() throws {
        try within { folder, _ in
            try folder.makeFolder("d")
            _ = try folder.createFile("d/x")
            #expect(errno { () throws(SyscallError) in try folder.removeFolder("d") } == .directoryNotEmpty)
            try folder.rename("d/x", to: "y", in: folder)
            try folder.removeFolder("d")
            #expect(try folder.entries().map(\.path) == ["y"])
            try folder.unlink("y")
            #expect(try folder.entries().isEmpty)
            #expect(errno { () throws(SyscallError) in try folder.unlink("y") } == .noSuchFileOrDirectory)
        }
    }

    @Test("A path in the root is followed as a process with that root would, and none leads out")
    func inRoot() throws {
        try within { folder, path in
            try folder.createFile("outside").write(Array("outside".utf8))
            try folder.makeFolder("root")
            try folder.makeFolder("root/etc")
            try folder.createFile("root/etc/file").write(Array("inside".utf8))
            try folder.makeLink("root/absolute", target: Array("/etc/file".utf8))
            try folder.makeLink("root/up", target: Array("../../../etc".utf8))
            try folder.makeLink("root/host", target: Array("\(path)/outside".utf8))
            try folder.makeLink("root/loop", target: Array("loop".utf8))
            let root = try folder.openFolder("root")
            #expect(try contents(root.openInRoot("absolute")) == "inside")
            #expect(try contents(root.openInRoot("up/file")) == "inside")
            #expect(try contents(root.openInRoot("/../../etc/file")) == "inside")
            #expect(errno { () throws(SyscallError) in try root.openInRoot("host") } == .noSuchFileOrDirectory)
            #expect(errno { () throws(SyscallError) in try root.openInRoot("../outside") } == .noSuchFileOrDirectory)
            #expect(errno { () throws(SyscallError) in try root.openInRoot("loop") } == .tooManySymbolicLinkLevels)
        }
    }

    @Test("A path beneath has no links at all")
    func beneath() throws {
        try within { folder, _ in
            try folder.makeFolder("root")
            try folder.makeFolder("root/d")
            try folder.createFile("root/d/file").write(Array("inside".utf8))
            try folder.makeLink("root/link", target: Array("d".utf8))
            try folder.makeLink("root/last", target: Array("d/file".utf8))
            let root = try folder.openFolder("root")
            #expect(try contents(root.openBeneath("d/file")) == "inside")
            for name in ["link/file", "last"] as [FilePath] {
                #expect(
                    errno { () throws(SyscallError) in try root.openBeneath(name) } == .tooManySymbolicLinkLevels)
            }
            for name in ["../root/d/file", "/etc/passwd"] as [FilePath] {
                #expect(errno { () throws(SyscallError) in try root.openBeneath(name) } == .improperLink)
            }
        }
    }

    @Test("Removing a tree removes links and not what they point to, and needs nothing to be there")
    func removal() throws {
        try within { folder, _ in
            try folder.makeFolder("kept")
            _ = try folder.createFile("kept/file")
            try folder.makeFolder("tree")
            try folder.makeFolder("tree/deep")
            try folder.makeLink("tree/deep/link", target: Array("../../kept".utf8))
            try folder.makeNode("tree/deep/fifo", .fifo, mode: 0)
            try folder.setMode(of: "tree/deep", 0)
            try folder.makeLink("top", target: Array("kept".utf8))
            try folder.removeTree("tree")
            try folder.removeTree("top")
            try folder.removeTree("missing")
            #expect(try folder.entries().map(\.path) == ["kept"])
            #expect(try folder.status(of: "kept/file") != nil)
        }
    }

    @Test("Extended attributes are bytes, sorted, and the entry's own")
    func attributes() throws {
        try within { folder, _ in
            _ = try folder.createFile("file")
            try folder.makeLink("link", target: Array("file".utf8))
            let large = ExtendedAttribute(name: Array("user.b".utf8), value: [UInt8](repeating: 7, count: 2000))
            let binary = ExtendedAttribute(name: Array("user.a".utf8), value: [0, 0xFF, 0])
            let empty = ExtendedAttribute(name: Array("user.c".utf8), value: [])
            for attribute in [large, binary, empty] { try folder.setAttribute(attribute, of: "file") }
            #expect(
                try folder.attributes(of: "file").filter { $0.name.starts(with: Array("user.".utf8)) }
                    == [binary, large, empty])
            #expect(try folder.attribute(Array("user.a".utf8), of: "file") == [0, 0xFF, 0])
            #expect(try folder.attribute(Array("user.x".utf8), of: "file") == nil)
            #expect(try folder.attribute(Array("user.a".utf8), of: "link") == nil)
            try folder.removeAttribute(Array("user.a".utf8), of: "file")
            #expect(try folder.attribute(Array("user.a".utf8), of: "file") == nil)
        }
    }

    @Test("Owners and device numbers are set as they are", .enabled(if: geteuid() == 0, "needs root"))
    func owners() throws {
        try within { folder, _ in
            _ = try folder.createFile("file")
            try folder.makeLink("link", target: Array("file".utf8))
            try folder.setOwner(of: "link", owner: 4_000_000_000, group: 7)
            let link = try #require(try folder.status(of: "link"))
            #expect((link.owner, link.group) == (4_000_000_000, 7))
            #expect(try folder.status(of: "file")?.owner == 0)
            let number = DeviceNumber(major: 259, minor: 1_048_575)
            try folder.makeNode("node", .characterDevice, mode: 0o600, device: number)
            #expect(try folder.status(of: "node")?.deviceNumber == number)
        }
    }
}
