import Frontend
import OCI
import Testing

@testable import Builder

@Suite("ContextScanner") struct ContextScannerTests {
    private let bench: ImageBench

    init() throws {
        bench = try ImageBench()
        try bench.shell(
            """
            mkdir -p context/out/deep context/src context/locked
            touch context/a context/out/log context/out/deep/keep context/src/x.o context/src/x.c context/image.tar
            ln -s /etc context/link
            """)
    }

    private func scan(_ patterns: String, outputs: Set<String> = []) throws -> (names: [String], bare: [String]) {
        let scanner = ContextScanner(patterns: try IgnorePatterns(parsing: Array(patterns.utf8))) { path, _ in
            outputs.contains(String(decoding: path.bytes, as: UTF8.self))
        }
        var (names, bare): ([String], [String]) = ([], [])
        let manifest = try scanner.scan(bench.appending("context"))
        func walk(_ node: ContextManifest.Node, _ path: String) throws {
            for child in try manifest.children(of: node) {
                let name = path + String(decoding: child.name, as: UTF8.self)
                names.append(name)
                if !child.isIncluded { bare.append(name) }
                try walk(child, name + "/")
            }
        }
        try walk(manifest.root, "")
        return (names, bare)
    }

    @Test("Everything is found, sorted by bytes, and links are not followed")
    func everything() throws {
        #expect(
            try scan("").names == [
                "a", "image.tar", "link", "locked", "out", "out/deep", "out/deep/keep", "out/log", "src", "src/x.c",
                "src/x.o",
            ])
    }

    @Test("What is ignored is left out, and exceptions bring back what they name, with the way there")
    func exceptions() throws {
        let found = try scan("out\n**/*.o\nl*\nsrc\n!out/deep/keep\n")
        #expect(found.names == ["a", "image.tar", "out", "out/deep", "out/deep/keep"])
        #expect(found.bare == ["out", "out/deep"])
    }

    @Test("Outputs are no part of the context")
    func outputs() throws {
        let names = try scan("locked\nsrc\nout", outputs: ["image.tar"]).names
        #expect(names == ["a", "link"])
    }

    @Test("A context that is not there is an error about the input")
    func missing() throws {
        let scanner = ContextScanner(patterns: IgnorePatterns()) { _, _ in false }
        #expect {
            try scanner.scan(bench.appending("nowhere"))
        } throws: { ($0 as? BuildError)?.kind == .input }
    }
}
