import ArgumentParser
import Builder
import OCI

/// `layerbuild diff`: which files differ between two images.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Shows which files differ between two images or layers.",
        discussion: """
            Times are not compared. A line begins with + for a file that was added, - for one that was removed, and ~ \
            for one that was changed. Example: layerbuild diff shop/web:1.1 shop/web:1.2
            """)

    @OptionGroup var form: JSONOption
    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the older image or layer: a name, a digest, a path, or a transport and a path"))
    var from: String

    @Argument(help: ArgumentHelp("the newer one"))
    var to: String

    func run() throws {
        let view = try images.open(in: try Surroundings.current())
        let old = try view.inspector.tree(of: try view.image(from), .contents)
        let new = try view.inspector.tree(of: try view.image(to), .contents)
        let differences = TreeComparison(from: old, to: new).differences
        try form.tell(Self.text(differences), or: Self.json(differences))
    }

    private static func text(_ differences: [TreeComparison.Difference]) -> String {
        guard !differences.isEmpty else { return "no file differs\n" }
        let rows = differences.map { difference in
            switch difference {
            case .added(let file): ["+", file.size.asSize, EntryText(file).name]
            case .removed(let file): ["-", file.size.asSize, EntryText(file).name]
            case .changed(let old, let new):
                ["~", difference.growth.asGrowth, "\(EntryText(new).name)  (\(changes(old, new)))"]
            }
        }
        let growth = differences.reduce(Int64(0)) { $0 + $1.growth }
        return Table(header: ["", "size", "path"], rows: rows).text
            + "\(count(differences, "+")) added, \(count(differences, "~")) changed, "
            + "\(count(differences, "-")) removed, \(growth.asGrowth)\n"
    }

    private static func count(_ differences: [TreeComparison.Difference], _ mark: String) -> Int {
        differences.count { $0.mark == mark }
    }

    /// What of a file changed, in words.
    private static func changes(_ old: InspectedFile, _ new: InspectedFile) -> String {
        var changes: [String] = []
        if old.kind != new.kind { changes.append(EntryText(old).kind + " to " + EntryText(new).kind) }
        if old.contents != new.contents || old.size != new.size { changes.append("contents") }
        if old.mode != new.mode { changes.append("mode \(EntryText(old).octal) to \(EntryText(new).octal)") }
        if (old.owner, old.group) != (new.owner, new.group) {
            changes.append("owner \(old.owner):\(old.group) to \(new.owner):\(new.group)")
        }
        return changes.isEmpty ? "attributes" : changes.joined(separator: ", ")
    }

    private static func json(_ differences: [TreeComparison.Difference]) -> JSONValue {
        .array(
            differences.map { difference in
                var object = JSONObject([("change", .string(difference.word))])
                object["path"] = .string(difference.path.description)
                object["growth"] = .integer(difference.growth)
                switch difference {
                case .added(let file): object["to"] = .object(EntryText(file).json)
                case .removed(let file): object["from"] = .object(EntryText(file).json)
                case .changed(let old, let new):
                    object["from"] = .object(EntryText(old).json)
                    object["to"] = .object(EntryText(new).json)
                }
                return .object(object)
            })
    }
}

extension TreeComparison.Difference {
    fileprivate var mark: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
    }

    fileprivate var word: String {
        switch self {
        case .added: "added"
        case .removed: "removed"
        case .changed: "changed"
        }
    }
}

extension Int64 {
    /// A difference of sizes as people read it: `+1.2 kB`, `-512 B`.
    var asGrowth: String { self < 0 ? "-\((0 - self).asSize)" : "+\(asSize)" }
}
