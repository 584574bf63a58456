import ArgumentParser
import OCI
import Store

/// `layerbuild du`: what the store takes on the disk.
struct DiskUsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du", abstract: "Shows what the store takes on the disk, by kind.",
        discussion: "The total is what `du -s` says of the store's folder. Example: layerbuild du --json")

    @OptionGroup var form: JSONOption
    @OptionGroup var store: StoreOptions

    func run() throws {
        let usage = try store.openAsFound(in: try Surroundings.current()).usage()
        try form.tell(Self.text(usage), or: Self.json(usage))
    }

    private static func text(_ usage: StoreUsage) -> String {
        var rows = StoreUsage.Kind.allCases.map { kind in
            [kind.rawValue, kind.isCounted ? "\(usage[kind].count)" : "-", usage[kind].size.asSize]
        }
        rows.append(["total", "-", usage.total.asSize])
        return Table(header: ["kind", "number", "size"], rows: rows).text
    }

    private static func json(_ usage: StoreUsage) -> JSONValue {
        let kinds = StoreUsage.Kind.allCases.map { kind in
            var object = JSONObject([("kind", .string(kind.rawValue))])
            object["number"] = kind.isCounted ? .integer(Int64(usage[kind].count)) : .null
            object["size"] = .integer(usage[kind].size)
            return JSONValue.object(object)
        }
        return ["total": .integer(usage.total), "kinds": .array(kinds)]
    }
}

extension StoreUsage.Kind {
    /// False for what is no number of things.
    fileprivate var isCounted: Bool {
        switch self {
        case .blobs, .snapshots, .cache, .mounts, .containers: true
        case .scratch, .other: false
        }
    }
}
