import Glibc
package import Linux
import SystemPackage

/// A tree of many small files: which, how large and filled with what, the same for a seed on every machine.
///
/// Sizes follow a log-normal distribution, as those of source trees do.
package struct TreePlan: Hashable, Sendable {
    /// A file to be written.
    package struct Entry: Hashable, Sendable {
        package let folder: String
        package let name: String
        package let size: Int
        package let texture: Filler.Texture
        package let offset: Int
    }

    package let entries: [Entry]

    /// `count` files in folders of fifty, whose sizes have this median and about this sum.
    package init(seed: UInt64, count: Int, median: Int, total: Int) {
        var generator = SeededGenerator(seed: seed)
        let sizes = Self.sizes(count, median: median, total: total, from: &generator)
        entries = sizes.enumerated().map { index, size in
            let folder = index / 50
            return Entry(
                folder: "d\(folder / 40)/e\(folder % 40)", name: "file\(index % 50).txt", size: size,
                texture: index % 10 == 0 ? .noise : .text, offset: generator.number(below: Filler.supply - size + 1))
        }
    }

    package var total: Int { entries.reduce(0) { $0 + $1.size } }

    /// Draws around the median, with the width that gives the sum: the mean of a log-normal distribution is
    /// `median · e^(σ²/2)`.
    private static func sizes(
        _ count: Int, median: Int, total: Int, from generator: inout SeededGenerator
    ) -> [Int] {
        let mean = Double(total) / Double(count)
        let width = (2 * max(0, log(mean / Double(median)))).squareRoot()
        return (0..<count).map { _ in
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + generator.fraction() }
            return min(Int(Double(median) * exp(width * normal)), Filler.supply)
        }
    }

    /// Writes the tree into a folder that is empty.
    package func write(into folder: borrowing Folder, filledBy filler: Filler) throws {
        var made: Set<String> = []
        for entry in entries {
            let path = FilePath(entry.folder)
            let parent = path.removingLastComponent()
            if made.insert(parent.string).inserted { try folder.makeFolder(parent) }
            if made.insert(entry.folder).inserted { try folder.makeFolder(path) }
            let file = try folder.createFile(path.appending(entry.name))
            let content = filler.slice(entry.texture, at: entry.offset, count: entry.size)
            try content.withUnsafeBytes { try file.write($0) }
        }
    }
}
