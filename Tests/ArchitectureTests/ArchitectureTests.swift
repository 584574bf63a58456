import Testing

/// What the compiler cannot hold together: who may know whom, and how much goes into one file.
@Suite("Architecture")
struct ArchitectureTests {
    /// What each module may import of ours. The table is the house; the package's own table cannot say "never".
    static let allowed: [String: Set<String>] = [
        "OCI": ["CCrypto"],
        "Linux": ["CLinux", "CSeccomp"],
        "Frontend": ["OCI"],
        "Layers": ["OCI", "Linux", "CArchive", "CZstd", "CIsal"],
        "Store": ["OCI", "Linux"],
        "Registry": ["OCI", "Linux", "CCurl"],
        "Builder": ["OCI", "Linux", "Frontend", "Layers", "Store", "Registry"],
        "layerbuild": ["OCI", "Linux", "Frontend", "Store", "Builder"],
        "fuzz": ["CFuzzer", "OCI", "Linux", "Frontend", "Layers"],
    ]

    /// What a module may import of others'.
    private static func foreign(_ module: String) -> Set<String> {
        switch module {
        case "Frontend": []
        case "layerbuild": ["Glibc", "Synchronization", "SystemPackage", "ArgumentParser"]
        default: ["Glibc", "Synchronization", "SystemPackage"]
        }
    }

    @Test("imports only point downstairs", arguments: allowed.keys.sorted())
    func arrows(module: String) throws {
        let files = try Repository.swiftFiles(below: "Sources/\(module)")
        let known = try #require(Self.allowed[module]).union(Self.foreign(module))
        #expect(!files.isEmpty)
        for file in files {
            #expect(try Repository.imports(of: file).subtracting(known).isEmpty, "\(file)")
        }
    }

    @Test("every folder of sources is in the table, or is C, or is the benchmark")
    func folders() throws {
        let folders = try Repository.files(below: "Sources").compactMap { $0.split(separator: "/").dropFirst().first }
        let bindings = Self.allowed.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(Set(folders.map(String.init)).subtracting(["benchmark"]) == bindings.union(Self.allowed.keys))
    }

    @Test("nothing imports Foundation", arguments: ["Sources", "Tests", "Package.swift"])
    func foundation(folder: String) throws {
        for file in try Repository.swiftFiles(below: folder) {
            #expect(try Repository.imports(of: file).allSatisfy { !$0.hasPrefix("Foundation") }, "\(file)")
        }
    }

    @Test("the top level holds what it should and nothing else")
    func topLevel() throws {
        let names = Set(try Repository.files().compactMap { $0.split(separator: "/").first.map(String.init) })
        let expected: Set = ["Package.swift", "README.md", "Recipes", "Sources", "Tests", "examples"]
        #expect(names.filter { !$0.hasPrefix(".") } == expected)
    }

    @Test("no file is longer than four hundred lines", arguments: ["Sources", "Tests"])
    func length(folder: String) throws {
        for file in try Repository.swiftFiles(below: folder) {
            // The last line's end begins an empty one.
            #expect(try Repository.lines(of: file).count <= 401, "\(file)")
        }
    }

    @Test("only the command talks to people")
    func talk() throws {
        for file in try Repository.swiftFiles(below: "Sources") where !file.hasPrefix("Sources/layerbuild/") {
            let talk = try Repository.lines(of: file).filter { $0.contains(/(^|[^.\w])(debugPrint|print|dump)\(/) }
            #expect(talk.isEmpty, "\(file)")
        }
    }

    @Test("nothing is left to be done later")
    func leftovers() throws {
        let marks = ["TO" + "DO", "FIX" + "ME"]
        for file in try Repository.files() {
            let lines = try Repository.lines(of: file).filter { line in marks.contains { line.contains($0) } }
            #expect(lines.isEmpty, "\(file)")
        }
    }
}
