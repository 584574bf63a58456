import Glibc
import Linux
import SystemPackage
import Testing

@Suite("Scratch folder") struct ScratchFolderTests {
    @Test("It goes when dropped, with whatever it holds") func dropped() throws {
        let outer = try ScratchFolder(in: "/tmp")
        let parent = try Folder(opening: outer.path)
        try parent.makeFolder("kept")
        try parent.createFile("kept/file").write([1])
        do {
            let inner = try ScratchFolder(in: outer.path)
            let folder = try Folder(opening: inner.path)
            try folder.makeLink("link", target: Array("../kept".utf8))
            try folder.makeFolder("locked", mode: 0)
            try folder.makeFolder("locked/below")
            try folder.createFile("file").write([1])
            #expect(try parent.entries().count == 2)
        }
        #expect(try parent.entries().map(\.name) == [Array("kept".utf8)])
        #expect(try parent.status(of: "kept/file") != nil)
    }

    @Test("A tree deeper than a process may have files open goes too") func deep() throws {
        let outer = try ScratchFolder(in: "/tmp")
        let top = try Folder(opening: outer.path)
        try top.makeFolder("deep")
        // Built from the bottom: a new folder takes the tree so far as its child.
        for _ in 0..<3000 {
            try top.makeFolder("next")
            try top.rename("deep", to: "next/deep", in: top)
            try top.rename("next", to: "deep", in: top)
        }
        try top.removeTree("deep")
        #expect(try top.entries().isEmpty)
    }

    @Test("Moved away, it stays") func moved() throws {
        let outer = try ScratchFolder(in: "/tmp")
        let inner = try ScratchFolder(in: outer.path)
        try Folder(opening: inner.path).createFile("file").write([7])
        try inner.move(to: outer.path.appending("final"))
        #expect(try File(opening: outer.path.appending("final/file")).readAll(limit: 9) == [7])
    }

    @Test("Abandoned ones are cleared, owned ones are not") func abandoned() throws {
        let outer = try ScratchFolder(in: "/tmp")
        let owned = try ScratchFolder(in: outer.path)
        let parent = try Folder(opening: outer.path)
        try parent.makeFolder("left")
        try parent.createFile("left/file").write([1])
        #expect(try ScratchFolder.clearAbandoned(in: outer.path) == 1)
        #expect(
            try parent.entries().map(\.path) == [try #require(owned.path.lastComponent)].map { FilePath($0.string) })
    }
}

@Suite("File lock") struct FileLockTests {
    @Test("Exclusive keeps out, shared lets share, dropped lets in") func modes() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let path = scratch.path.appending("lock")
        do {
            let first = try FileLock(path, .shared)
            #expect(try isFree(path, .shared))
            #expect(try !isFree(path, .exclusive))
            _ = consume first
        }
        do {
            let only = try FileLock(path, .exclusive)
            #expect(try !isFree(path, .shared))
            _ = consume only
        }
        #expect(try isFree(path, .exclusive))
    }

    @Test("It is free when it was dropped, though a copy of its descriptor is open elsewhere") func copied() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let path = scratch.path.appending("lock")
        let file = try File(opening: path, O_RDWR | O_CREAT)
        let lock = try FileLock(try file.handle.duplicate(), .exclusive)
        #expect(try !isFree(path, .exclusive))
        _ = consume lock
        #expect(try isFree(path, .exclusive))
        _ = consume file
    }

    private func isFree(_ path: FilePath, _ mode: FileLock.Mode) throws -> Bool {
        switch try FileLock.attempt(path, mode) {
        case .some: true
        case .none: false
        }
    }
}
