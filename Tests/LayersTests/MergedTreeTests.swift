import Layers
import Linux
import OCI
import SystemPackage
import Testing

@Suite("A merged tree")
struct MergedTreeTests {
    private func tree(_ scripts: String...) throws -> (MergedTree, Scratch) {
        let scratch = try Scratch()
        let layers = try scripts.enumerated().map { index, script in
            let folder = try scratch.folder("\(index)")
            try shell(script, in: folder)
            return folder
        }
        return (try MergedTree(layers: layers), scratch)
    }

    private func names(_ tree: MergedTree, _ path: String) throws -> [String] {
        try tree.entries(of: TreePath(normalising: path)).map { String(decoding: $0.path.name, as: UTF8.self) }
    }

    @Test("shows the topmost of each name, sorted by bytes")
    func merge() throws {
        let (tree, scratch) = try tree("mkdir d; echo 1 >d/a; echo 1 >d/b", "mkdir d; echo 2 >d/b; echo 2 >d/B")
        #expect(try names(tree, "d") == ["B", "a", "b"])
        let found = try #require(try tree.lookup(TreePath(normalising: "d/b")))
        #expect(found.location == scratch.path.appending("1/d/b"))
        #expect(try tree.open(found).readAll(limit: 10) == Array("2\n".utf8))
    }

    @Test("finds the names of a folder one after the other, and those that a link only seems to have in it")
    func oneAfterTheOther() throws {
        let (tree, scratch) = try tree("mkdir -p d/e f; echo 1 >d/e/a; echo 1 >d/e/b; echo 2 >f/a; ln -s ../f d/l")
        func contents(_ path: String) throws -> String? {
            guard let found = try tree.lookup(TreePath(normalising: path)) else { return nil }
            return String(decoding: try tree.open(found).readAll(limit: 10), as: UTF8.self)
        }
        defer { _ = scratch }
        #expect(try contents("d/e/a") == "1\n")
        #expect(try contents("d/e/b") == "1\n")
        #expect(try contents("d/e/c") == nil)
        #expect(try contents("d/l/a") == "2\n")
        #expect(try contents("d/l/b") == nil)
        #expect(try contents("f/a") == "2\n")
        #expect(try tree.lookup(TreePath(normalising: "d/l"))?.status.kind == .symbolicLink)
    }

    @Test("honours whiteouts and opaque marks of both forms", .enabled(if: isRoot, "needs root"))
    func whiteouts() throws {
        let (tree, scratch) = try tree(
            "mkdir d e f; echo 1 >d/a; echo 1 >d/b; echo 1 >e/x; echo 1 >f/x",
            """
            mkdir d e f; mknod d/a c 0 0; touch d/b; setfattr -n user.overlay.whiteout -v y d/b
            setfattr -n trusted.overlay.opaque -v y e; touch e/new; setfattr -n user.overlay.opaque -v y f
            """)
        defer { _ = scratch }
        #expect(try names(tree, "") == ["d", "e", "f"])
        #expect(try names(tree, "d") == [])
        #expect(try names(tree, "e") == ["new"])
        #expect(try names(tree, "f") == [])
        #expect(try tree.lookup(TreePath(normalising: "e/x")) == nil)
        let folder = try #require(try tree.lookup(TreePath(normalising: "e")))
        #expect(try tree.attributes(of: folder).allSatisfy { !$0.name.starts(with: Array("trusted.overlay".utf8)) })
    }

    @Test("hides a folder below a file, and starts anew above one")
    func kinds() throws {
        let (tree, scratch) = try tree("mkdir d; touch d/a", "touch d", "mkdir d; touch d/b")
        defer { _ = scratch }
        #expect(try names(tree, "d") == ["b"])
    }

    @Test("resolves links inside the root, across layers, and says where a missing path would be")
    func links() throws {
        let (tree, scratch) = try tree(
            "mkdir -p real/sub; ln -s ../../../../real up; touch real/file", "ln -s /up/sub abs; ln -s loop loop")
        defer { _ = scratch }
        func resolve(_ path: String) throws -> String { try tree.resolve(TreePath(normalising: path)).path.description }
        #expect(try resolve("up") == "/real")
        #expect(try resolve("abs/new/deep") == "/real/sub/new/deep")
        #expect(try tree.lookup(TreePath(normalising: "up"))?.status.kind == .symbolicLink)
        #expect(try tree.resolve(TreePath(normalising: "up/file/x")).obstacle == TreePath(normalising: "real/file"))
        #expect(throws: LayerError.tooManyLinks(TreePath(normalising: "loop/x"))) {
            try tree.resolve(TreePath(normalising: "loop/x"))
        }
    }

    @Test("of many layers that share a folder shows what each of them says", .enabled(if: isRoot, "needs root"))
    func many() throws {
        let (tree, scratch) = try tree(
            "mkdir d o; touch d/low d/gone d/kept o/hidden", "mkdir d; touch d/second",
            "mkdir d o; mknod d/gone c 0 0; setfattr -n trusted.overlay.opaque -v y o; touch o/new",
            "mkdir d o; touch d/top", "mkdir d; rm -f x; touch d/low")
        for _ in 0..<2 {
            #expect(try names(tree, "") == ["d", "o"])
            #expect(try names(tree, "d") == ["kept", "low", "second", "top"])
            #expect(try names(tree, "o") == ["new"])
            #expect(try tree.lookup(TreePath(normalising: "d/gone")) == nil)
            #expect(try tree.lookup(TreePath(normalising: "d/never")) == nil)
            let low = try #require(try tree.lookup(TreePath(normalising: "d/low")))
            #expect(low.location == scratch.path.appending("4/d/low"))
        }
    }

    @Test(
        "says the same of layers that are put over each other one by one, whatever was asked before",
        .enabled(if: isRoot, "needs root"))
    func growing() throws {
        let scripts = [
            "mkdir d d/sub o f; touch d/low d/gone d/kept o/hidden f/x", "mkdir d d/sub; touch d/sub/1",
            "mkdir d; touch d/2",
            "mkdir d; mknod d/gone c 0 0; mkdir d/sub; setfattr -n trusted.overlay.opaque -v y d/sub; touch f",
            "mkdir d o; setfattr -n trusted.overlay.opaque -v y o; touch o/new", "touch other", "mkdir d; touch d/gone",
            "mkdir d d/sub; touch d/sub/7; mkdir f; touch f/y", "setfattr -n trusted.overlay.opaque -v y .; mkdir d",
            "mkdir d; touch d/last",
        ]
        let paths = ["", "d", "o", "f", "d/sub", "d/gone", "d/low", "d/never", "d/sub/1", "o/hidden", "f/x", "other"]
        let scratch = try Scratch()
        var folders: [FilePath] = []
        var grown = try MergedTree(layers: [])
        for (index, script) in scripts.enumerated() {
            folders.append(try scratch.folder("\(index)"))
            try shell(script, in: folders[index])
            grown = try MergedTree(folders[index], over: grown)
            let whole = try MergedTree(layers: folders)
            // Not every tree on the way is asked for every path: what is known has gaps.
            for (place, path) in paths.enumerated() where place % 3 != index % 3 {
                let path = TreePath(normalising: path)
                #expect(try grown.lookup(path) == whole.lookup(path), "\(path) over \(index + 1) layers")
                #expect(try grown.entries(of: path) == whole.entries(of: path), "\(path) over \(index + 1) layers")
            }
        }
    }

    @Test("of no layers is empty")
    func none() throws {
        let tree = try MergedTree(layers: [])
        #expect(try tree.resolve(TreePath(normalising: "a/b")).path.description == "/a/b")
        #expect(try tree.entries(of: .root).isEmpty)
    }
}
