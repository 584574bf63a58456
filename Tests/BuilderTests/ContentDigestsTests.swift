import Layers
import OCI
import Store
import Testing

@testable import Builder

@Suite("The digests of a context's files") struct ContentDigestsTests {
    private func files(of tree: ContextTree) throws -> [SourceEntry] {
        let top = try #require(try tree.entry(at: .root))
        return try tree.children(of: top).filter { !$0.isFolder }
    }

    @Test("are each file's own once they are noted, in a store that remembers them or not", arguments: [false, true])
    func known(isLater: Bool) throws {
        let bench = try CopyBench(context: "for i in $(seq 1000 1600); do echo $i >$i; done; ln 1000 z")
        let store =
            isLater ? try Store.open(at: bench.images.appending("later"), now: 4_000_000_000) : bench.images.store
        let manifest = bench.context.manifest
        let tree = try ContextTree(manifest, ContentDigests(store.files, count: manifest.count))
        let files = try files(of: tree)
        for file in files.dropLast() {
            #expect(try tree.knownDigest(of: file) == nil)
            try tree.note(.of(file.path.bytes), of: file)
        }
        for file in files.dropLast() { #expect(try tree.knownDigest(of: file) == .of(file.path.bytes)) }
        // The other name of the first: the store knows the file by what it is.
        #expect(try tree.knownDigest(of: files[files.count - 1]) == (isLater ? .of(files[0].path.bytes) : nil))
    }

    @Test("are known to another context of the same files")
    func other() throws {
        let bench = try CopyBench(context: "echo 1 >a; echo 2 >b; find . -exec touch -d @5 {} +")
        let store = try Store.open(at: bench.images.appending("later"), now: 4_000_000_000)
        let trees = try (0..<2).map { _ in
            try ContextTree(bench.context.manifest, ContentDigests(store.files, count: bench.context.manifest.count))
        }
        let files = try files(of: bench.context)
        try trees[0].note(.of([1]), of: files[0])
        try trees[1].note(.of([2]), of: files[1])
        for tree in trees {
            #expect(try tree.knownDigest(of: files[0]) == .of([1]))
            #expect(try tree.knownDigest(of: files[1]) == .of([2]))
        }
    }
}
