import ArgumentParser
import OCI
import Store
import SystemPackage

/// `layerbuild prune`: makes room in the store.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Removes from the store what nothing needs.",
        discussion: """
            What a name or a kept container needs stays. Without flags what the cache holds stays too; with them it goes \
            by age or size, what was not used for longest first. Waits until no build runs. \
            Example: layerbuild prune --older-than 7d
            """)

    @OptionGroup var policy: PruneOptions

    @Flag(help: "show what would be removed, and remove nothing")
    var dryRun = false

    @OptionGroup var form: JSONOption
    @OptionGroup var store: StoreOptions

    func run() throws {
        let surroundings = try Surroundings.current()
        let policy = try policy.policy(now: surroundings.now)
        let store =
            dryRun
            ? try store.openAsFound(in: surroundings) : try store.openAlone(in: surroundings) { Self.tellWaiting() }
        let collector = GarbageCollector(store)
        let plan = try collector.plan(policy)
        if !dryRun { try collector.carryOut(plan) }
        if let limit = policy.maximumSize, plan.sizeAfter > limit {
            Console.error.write(
                "note: what names and containers need takes \(plan.sizeAfter.asSize), more than \(limit.asSize)\n")
        }
        try form.tell(PrunedText(plan, isDone: !dryRun).text, or: PrunedText(plan, isDone: !dryRun).json)
    }

    private static func tellWaiting() {
        Console.error.write("note: waiting until nobody else works in the store\n")
    }
}

/// What was removed, or would be.
struct PrunedText {
    private let plan: CollectionPlan
    private let isDone: Bool

    init(_ plan: CollectionPlan, isDone: Bool) {
        self.plan = plan
        self.isDone = isDone
    }

    private var kinds: [(kind: StoreInventory.Kind, items: [StoreInventory.Item])] {
        StoreInventory.Kind.allCases.compactMap { kind in
            let items = plan.removals.filter { $0.kind == kind }
            return items.isEmpty ? nil : (kind, items)
        }
    }

    var text: String {
        let rows = kinds.map { kind, items in
            [kind.rawValue, "\(items.count)", items.reduce(Int64(0)) { $0 + $1.size }.asSize]
        }
        return Table(header: ["kind", "number", "size"], rows: rows).text
            + "\(isDone ? "freed" : "would free") \(plan.freed.asSize); the store \(isDone ? "takes" : "would take") "
            + "\(plan.sizeAfter.asSize)\n"
    }

    var json: JSONValue {
        let removed = plan.removals.map { item -> JSONValue in
            [
                "kind": .string(item.kind.rawValue), "path": .string(item.path.string), "size": .integer(item.size),
                "used": .string(Timestamp.text(seconds: item.used)),
            ]
        }
        return [
            "removed": .array(removed), "freed": .integer(plan.freed), "size": .integer(plan.sizeAfter),
            "dryRun": .bool(!isDone),
        ]
    }
}
