import ArgumentParser
import OCI
import Store

/// `layerbuild containers`: what `run --name` has kept.
struct ContainersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "containers", abstract: "Lists the containers that `run --name` kept, or removes them.",
        discussion: "Example: layerbuild containers --rm try")

    @Option(name: .customLong("rm"), help: ArgumentHelp("remove the container; may be repeated", valueName: "name"))
    var removed: [String] = []

    @Flag(help: "write JSON")
    var json = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        let store = try store.openAsFound(in: try Surroundings.current())
        for name in removed { try Self.remove(name, from: store.containers) }
        guard removed.isEmpty else { return }
        let entries = try store.containers.list()
        guard !json else {
            return try Console.output.tell(
                String(decoding: JSONValue.array(entries.map(Self.json)).serialised(), as: UTF8.self) + "\n")
        }
        let rows = entries.map { entry in
            [
                entry.name, entry.record.image, Timestamp.text(seconds: entry.record.created),
                entry.isRunning ? "running" : "ended", PrintableLine(Array(Self.command(entry).utf8)).text,
            ]
        }
        try Console.output.tell(Table(header: ["name", "image", "created", "state", "command"], rows: rows).text)
    }

    private static func remove(_ name: String, from containers: ContainerStore) throws {
        switch try containers.remove(name) {
        case .removed: return
        case .unknown: throw Failure(.rejectedInput, "unknown-container", "there is no container `\(name)`")
        case .running:
            throw Failure(
                .rejectedInput, "container-runs", "the command of the container `\(name)` still runs",
                hint: "end it first")
        }
    }

    private static func command(_ entry: ContainerStore.Entry) -> String {
        entry.record.command.joined(separator: " ")
    }

    private static func json(_ entry: ContainerStore.Entry) -> JSONValue {
        .object(
            JSONObject([
                ("name", .string(entry.name)), ("image", .string(entry.record.image)),
                ("manifest", .string(entry.record.manifest.description)),
                ("created", .string(Timestamp.text(seconds: entry.record.created))),
                ("running", .bool(entry.isRunning)), ("command", .strings(entry.record.command)),
            ]))
    }
}
