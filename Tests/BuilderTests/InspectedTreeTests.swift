import Layers
import OCI
import Testing

@testable import Builder

@Suite("A tree put together from what archives list")
struct InspectedTreeTests {
    private static func path(_ text: String) -> TreePath { TreePath(normalising: text) }

    private static func file(_ name: String, _ text: String, mode: UInt16 = 0o644) -> LayerListing.Item {
        let bytes = Array(text.utf8)
        return .entry(
            TarEntry(path(name), .file(size: Int64(bytes.count)), mode: mode), contents: Digest.of(bytes))
    }

    private static func folder(_ name: String) -> LayerListing.Item {
        .entry(TarEntry(path(name), .folder, mode: 0o755), contents: nil)
    }

    private static func link(_ name: String, to target: String) -> LayerListing.Item {
        .entry(TarEntry(path(name), .symbolicLink(target: Array(target.utf8)), mode: 0o777), contents: nil)
    }

    private static func hardLink(_ name: String, to target: String) -> LayerListing.Item {
        .entry(TarEntry(path(name), .hardLink(target: path(target)), mode: 0o644), contents: nil)
    }

    private static func tree(_ layers: [LayerListing.Item]...) throws -> InspectedTree {
        try InspectedTree(applying: layers)
    }

    private static func names(_ tree: InspectedTree) -> [String] { tree.entries.map(\.path.description) }

    @Test("shows the topmost of each, and what a whiteout hides no more")
    func whiteouts() throws {
        let tree = try Self.tree(
            [Self.folder("a"), Self.file("a/one", "1"), Self.file("a/two", "22"), Self.file("b", "b")],
            [.deletion(Self.path("a/one")), Self.file("b", "bb")])
        #expect(Self.names(tree) == ["/a", "/a/two", "/b"])
        #expect(tree[Self.path("b")]?.size == 2)
        #expect(tree[Self.path("b")]?.layer == 1)
        #expect(tree.losses.map(\.path.description) == ["/a/one", "/b"])
        #expect(tree.losses.map(\.reason) == [.deleted, .overwritten])
        #expect(tree.losses.map(\.size) == [1, 1])
    }

    @Test("has no longer path than any can be, whatever links lead to")
    func depth() throws {
        let deep = Array(repeating: "x", count: 1000).joined(separator: "/")
        var items = [Self.folder(deep), Self.link("a", to: deep), Self.folder("a/\(deep)")]
        #expect(try Self.tree(items).entries.count == 2001)
        items += [Self.link("b", to: "a/\(deep)"), Self.folder("b/\(deep)")]
        #expect { try Self.tree(items) } throws: { "\($0)".contains("more than 4095 bytes") }
    }

    @Test("keeps what a layer adds to a folder that it makes opaque, in any order")
    func opaque() throws {
        for items in [
            [.opaque(Self.path("a")), Self.file("a/new", "n")], [Self.file("a/new", "n"), .opaque(Self.path("a"))],
        ] as [[LayerListing.Item]] {
            let tree = try Self.tree([Self.folder("a"), Self.file("a/old", "o")], items)
            #expect(Self.names(tree) == ["/a", "/a/new"])
        }
    }

    @Test("drops a folder with all it holds where a file takes its place")
    func folderToFile() throws {
        let tree = try Self.tree([Self.folder("a"), Self.file("a/one", "1")], [Self.file("a", "file")])
        #expect(Self.names(tree) == ["/a"])
        #expect(tree.losses.map(\.reason) == [.overwritten])
    }

    @Test("counts the same contents again as copied, and a further name of a file as nothing")
    func losses() throws {
        let tree = try Self.tree(
            [Self.file("a", "same"), Self.hardLink("b", to: "a")],
            [Self.file("a", "same", mode: 0o600), Self.file("b", "other")])
        #expect(tree.losses.map(\.reason) == [.copiedAgain])
    }

    @Test("finds a hard link's contents under the first name")
    func hardLinks() throws {
        let tree = try Self.tree([Self.file("a", "one"), Self.hardLink("b", to: "a")], [.deletion(Self.path("a"))])
        let entry = try #require(tree[Self.path("b")])
        #expect(entry.size == 3)
        #expect(entry.source == Self.path("a"))
        #expect(entry.layer == 0)
    }

    @Test("places what lies behind a link of a lower layer where the link leads")
    func linkedFolders() throws {
        let tree = try Self.tree(
            [Self.folder("usr"), Self.folder("usr/bin"), Self.link("bin", to: "usr/bin")], [Self.file("bin/sh", "#!")])
        #expect(Self.names(tree) == ["/bin", "/usr", "/usr/bin", "/usr/bin/sh"])
        #expect(tree.resolve(Self.path("bin/sh")) == Self.path("usr/bin/sh"))
    }

    @Test("follows links within itself, and gives up on those that lead round and round")
    func links() throws {
        let tree = try Self.tree([
            Self.file("a", "x"), Self.link("to-a", to: "/../../a"), Self.link("x", to: "y"), Self.link("y", to: "x"),
        ])
        #expect(tree.resolve(Self.path("to-a")) == Self.path("a"))
        #expect(tree.resolve(Self.path("x")) == nil)
        #expect(tree.resolve(Self.path("nowhere")) == nil)
        #expect(tree.resolve(.root) == .root)
    }

    @Test("refuses a hard link to nothing")
    func lostLink() {
        #expect(throws: LayerError.self) { try Self.tree([Self.hardLink("b", to: "a")]) }
    }

    @Test("lists a folder's own or all that lies within")
    func listing() throws {
        let tree = try Self.tree([Self.folder("a"), Self.folder("a/b"), Self.file("a/b/c", "c"), Self.file("ab", "")])
        #expect(tree.entries(below: Self.path("a"), .children).map(\.path.description) == ["/a/b"])
        #expect(tree.entries(below: Self.path("a"), .everything).map(\.path.description) == ["/a/b", "/a/b/c"])
        #expect(tree.entries(below: .root, .children).map(\.path.description) == ["/a", "/ab"])
    }

    @Test("compared with another says what was added, changed and removed, and nothing of times")
    func comparison() throws {
        let old = try Self.tree([Self.file("gone", "12"), Self.file("same", "s"), Self.file("bigger", "b")])
        let new = try Self.tree([
            Self.file("bigger", "bbb"), Self.file("new", "nnnn"),
            .entry(
                TarEntry(Self.path("same"), .file(size: 1), mode: 0o644, modified: 99), contents: .of(Array("s".utf8))),
        ])
        let differences = TreeComparison(from: old, to: new).differences
        #expect(differences.map(\.path.description) == ["/bigger", "/gone", "/new"])
        #expect(differences.map(\.growth) == [2, -2, 4])
        #expect(TreeComparison(from: old, to: old).differences.isEmpty)
    }
}
