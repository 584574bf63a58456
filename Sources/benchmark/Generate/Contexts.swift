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
        case .unchanged, .unchangedExported:
            try folder.makeFolder("folder")
            try folder.createFile("notes.txt").write(Array("notes\n".utf8))
            try folder.createFile("folder/file.txt").write(Array("file\n".utf8))
        case .steps, .stages, .base, .container, .deepRuns: break
        case .files, .filesGzip, .filesUnchanged, .oneChanged: try tree(50_000, total: 250_000_000, in: folder)
        case .deletion: try tree(24_000, total: 120_000_000, in: folder)
        case .application, .applicationChanged: try application(in: folder)
        case .large, .largeGzip, .export: try large(in: folder)
        case .mixed, .deepCopies:
            for index in 0..<119 { try folder.createFile(FilePath("file\(index)")).write(Array("\(index)\n".utf8)) }
        }
    }

    private func tree(_ count: Int, total: Int, in folder: borrowing Folder) throws {
        try folder.makeFolder("tree")
        let plan = TreePlan(seed: 3, count: count, median: 2048, total: total)
        try plan.write(into: try folder.openFolder("tree"), filledBy: filler)
    }

    /// The application's own files. The packages beside it come from the base's distribution.
    private func application(in folder: borrowing Folder) throws {
        try folder.makeFolder("app")
        try folder.createFile("app/pages.py").write(Array(Self.program.utf8))
        var generator = SeededGenerator(seed: 5)
        try folder.createFile("app/words.txt").write(Filler.text(400_000, from: &generator))
    }

    /// Makes a page for each of the first words, with the lines they stand in.
    private static let program = """
        import os, sys
        lines = open(sys.argv[1]).read().splitlines()
        os.makedirs(sys.argv[2])
        for word in sorted({word for line in lines for word in line.split()})[:400]:
            found = [line for line in lines if word in line.split()]
            with open(os.path.join(sys.argv[2], word + ".html"), "w") as page:
                page.write("<h1>%s</h1><ul>%s</ul>" % (word, "".join("<li>%s" % line for line in found)))

        """

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
