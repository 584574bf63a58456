import Linux
package import SystemPackage

/// Makes the contexts of the workloads, each when it is first asked for.
package struct Contexts {
    private let home: FilePath
    private let filler: Filler
    private var made: Set<String> = []

    package init(in home: FilePath, seed: UInt64) {
        self.home = home
        filler = Filler(seed: seed)
    }

    /// The folder with the workload's recipe and all it copies.
    package mutating func make(for workload: Workload) throws -> FilePath {
        let name = workload.context
        let path = home.appending("context-" + name)
        if made.insert(name).inserted {
            try Folder(opening: home).makeFolder(FilePath("context-" + name))
            try fill(try Folder(opening: path), for: workload)
        }
        return path
    }

    private func fill(_ folder: borrowing Folder, for workload: Workload) throws {
        switch workload {
        case .unchanged:
            try folder.makeFolder("folder")
            try folder.createFile("notes.txt").write(Array("notes\n".utf8))
            try folder.createFile("folder/file.txt").write(Array("file\n".utf8))
        case .steps, .stages, .base: break
        case .files, .filesGzip, .filesUnchanged, .oneChanged: try tree(50_000, total: 250_000_000, in: folder)
        case .deletion: try tree(20_000, total: 100_000_000, in: folder)
        case .large, .largeGzip, .export: try large(in: folder)
        case .mixed:
            for index in 0..<119 { try folder.createFile(FilePath("file\(index)")).write(Array("\(index)\n".utf8)) }
        }
    }

    private func tree(_ count: Int, total: Int, in folder: borrowing Folder) throws {
        try folder.makeFolder("tree")
        let plan = TreePlan(seed: 3, count: count, median: 2048, total: total)
        try plan.write(into: try folder.openFolder("tree"), filledBy: filler)
    }

    /// 1 GiB, of which nothing repeats within the reach of a compressor's window.
    private func large(in folder: borrowing Folder) throws {
        var generator = SeededGenerator(seed: 4)
        let file = try folder.createFile("large")
        for index in 0..<256 {
            let length = 4 << 20
            let bytes =
                index % 2 == 0
                ? Filler.noise(length, from: &generator) : Filler.text(length, from: &generator)
            try file.write(bytes)
        }
    }
}
