import Linux
import SystemPackage
import Testing

@testable import Store

@Suite("Sweeper") struct SweeperTests {
    @Test("When it is dropped, all it was given is gone; what is not there, or cannot be entered, is no obstacle")
    func drop() throws {
        let folder = try StoreFolder()
        let parent = try Folder(opening: folder.path)
        for name in ["one", "two", "other"] as [FilePath] {
            try parent.makeFolder(name)
            try parent.openFolder(name).makeFolder("work", mode: 0)
        }
        do {
            let sweeper = Sweeper(root: StoreRoot(path: folder.path, folder: try Folder(opening: folder.path)))
            for name in ["one", "never", "two"] as [FilePath] { sweeper.remove(name) }
        }
        #expect(try parent.entries().map(\.path) == ["other"])
    }
}
