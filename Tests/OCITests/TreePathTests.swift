import OCI
import Testing

@Suite("TreePath") struct TreePathTests {
    @Test(
        "Every spelling of a path has one normal form",
        arguments: [
            ("", ""), ("/", ""), (".", ""), ("..", ""), ("/../..", ""), ("a", "a"), ("/a/", "a"), ("./a//b/.", "a/b"),
            ("a/../b", "b"), ("a/b/../../..", ""), ("../a", "a"), ("a/...", "a/..."), ("..a/.b", "..a/.b"),
            ("a /b", "a /b"),
        ])
    func normalising(text: String, normal: String) {
        #expect(TreePath(normalising: text).bytes == Array(normal.utf8))
    }

    @Test("Names are bytes: two Unicode spellings of one word are two files")
    func bytes() {
        let composed = TreePath(normalising: "caf\u{E9}")
        let decomposed = TreePath(normalising: "cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test("Bytes that are not UTF-8 are kept")
    func notText() {
        let path = TreePath(normalising: [0x2F, 0xFF, 0x2F, 0x2E, 0x2F, 0xFE])
        #expect(path.bytes == [0xFF, 0x2F, 0xFE])
        #expect(path.description == "/\u{FFFD}/\u{FFFD}")
    }

    @Test("A folder comes right before what it holds, whatever its neighbours are called")
    func order() {
        let sorted = ["", "a", "a/b", "a/b/c", "a/b.c", "a-b", "a.b", "a0", "b"].map { TreePath(normalising: $0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test("Nothing is lower than the null byte but the end of a component")
    func lowest() {
        let null = TreePath(unchecked: [0x61, 0x01])
        #expect(TreePath(normalising: "a/b") < null)
        #expect(TreePath(normalising: "a") < null)
    }

    @Test("Name and parent take a path apart")
    func parts() {
        let path = TreePath(normalising: "a/b/c")
        #expect(path.name == Array("c".utf8))
        #expect(path.parent == TreePath(normalising: "a/b"))
        #expect(path.components.map(Array.init) == ["a", "b", "c"].map { Array($0.utf8) })
        #expect(TreePath(normalising: "a").parent == .root)
        #expect(TreePath.root.parent == .root)
        #expect(TreePath.root.name.isEmpty)
        #expect(TreePath.root.isRoot)
    }

    @Test("A path lies directly in its parent, and in no other folder")
    func directly() {
        let paths = ["", "a", "b", "a/b", "a/b/c", "a/bb/c", "a/c", "aa/b"].map { TreePath(normalising: $0) }
        for path in paths {
            for folder in paths { #expect(path.isDirectly(in: folder) == (path.parent == folder)) }
        }
    }

    @Test("Appending puts a path together")
    func appending() {
        let path = TreePath(normalising: "a/b")
        #expect(TreePath.root.appending(Array("a".utf8)).appending(Array("b".utf8)) == path)
        #expect(path.appending(TreePath.root) == path)
        #expect(TreePath.root.appending(path) == path)
        #expect(path.appending(path).description == "/a/b/a/b")
    }

    @Test(
        "Inside means the folder itself or below it, not a longer name",
        arguments: [
            ("a/b", "a", "b"), ("a", "a", ""), ("a", "", "a"), ("", "", ""), ("ab", "a", nil), ("a", "a/b", nil),
            ("a/bc/d", "a/b", nil), ("", "a", nil),
        ] as [(String, String, String?)])
    func inside(path: String, folder: String, rest: String?) {
        let (path, folder) = (TreePath(normalising: path), TreePath(normalising: folder))
        #expect(path.isInside(folder) == (rest != nil))
        #expect(path.relative(to: folder) == rest.map { TreePath(normalising: $0) })
    }
}
