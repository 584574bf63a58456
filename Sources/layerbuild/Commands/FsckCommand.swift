import ArgumentParser
import Builder
import OCI
import Store
import SystemPackage

/// `layerbuild fsck`: is what is in the store what was written there?
struct FsckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Verifies everything in the store.",
        discussion: """
            Every blob is hashed, every unpacked layer compared with its blob, every record and name looked through. The \
            exit code is 6 if something is not what was written. Nothing is built of a damaged blob, layer or cache mount until it is mended. \
            A cache mount is compared with what the build left in it that had it last. The work of builds and containers \
            that still run is counted and not looked into. Example: layerbuild fsck --repair
            """)

    @Flag(help: "drop what is bad; the next build makes it again, or says what it needs")
    var repair = false

    @OptionGroup var form: JSONOption
    @OptionGroup var store: StoreOptions

    func run() throws {
        let surroundings = try Surroundings.current()
        let store =
            repair
            ? try store.openAlone(in: surroundings) {
                Console.error.write("note: waiting until nobody else works in the store\n")
            } : try store.openAsFound(in: surroundings)
        let report = try StoreVerification(
            store: store, threads: surroundings.processors, dropsUnfinished: repair
        ).run()
        let left = repair ? try StoreRepair(store).mend(report.faults) : report.faults
        try StoreCheck(store).note(left)
        try form.tell(text(report), or: json(report))
        if !left.isEmpty { throw Self.failure(left.count, isRepairing: repair) }
    }

    private func text(_ report: StoreVerification.Report) -> String {
        let looked =
            "looked at \(Self.counted(report.blobs, "blob")) and \(Self.counted(report.snapshots, "snapshot"))"
        let left = Self.left(report.unverifiable)
        guard !report.faults.isEmpty else { return "\(looked): all is as it was written\n\(left)" }
        let lines = report.faults.map { fault -> String in
            // Steps choose the names of what cache mounts hold.
            let line = PrintableLine(Array("\(fault.path): \(fault.why)".utf8)).text
            return "\(line)\(repair ? Self.outcome(fault) : "")\n"
        }
        return lines.joined() + "\(looked)\n\(left)"
    }

    /// The line about what was not looked into; empty if there is nothing of the kind.
    private static func left(_ things: Unverifiable) -> String {
        let parts = [
            (things.snapshots, "unfinished snapshot"), (things.cacheMounts, "cache mount"),
            (things.containers, "unfinished container"),
        ]
        .filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
        return parts.isEmpty ? "" : "not looked into: \(parts.joined(separator: " and "))\n"
    }

    private static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

    private static func outcome(_ fault: StoreFault) -> String {
        switch fault.subject {
        case .file, .folder, .incomparable: "; removed"
        case .name: "; forgotten"
        case .table: "; left out"
        case .names: "; mended, or taken as it is"
        case .cacheMount: "; the cache mount is dropped"
        case .mended: ""
        case .layout: "; written again"
        case .container: "; kept: look at it, and remove it with `containers --rm`"
        }
    }

    private func json(_ report: StoreVerification.Report) -> JSONValue {
        let faults = report.faults.map { fault -> JSONValue in
            ["path": .string(fault.path.string), "why": .string(fault.why)]
        }
        return [
            "blobs": .integer(Int64(report.blobs)), "snapshots": .integer(Int64(report.snapshots)),
            "faults": .array(faults), "repaired": .bool(repair),
            "unverified": [
                "cacheMounts": .integer(Int64(report.unverifiable.cacheMounts)),
                "containers": .integer(Int64(report.unverifiable.containers)),
                "snapshots": .integer(Int64(report.unverifiable.snapshots)),
            ],
        ]
    }

    private static func failure(_ count: Int, isRepairing: Bool) -> Failure {
        let things = count == 1 ? "one thing in the store is" : "\(count) things in the store are"
        return Failure(
            .damagedStore, "damage", "\(things) not what was written there",
            hint: isRepairing ? nil : "`layerbuild fsck --repair` drops what is bad; the next build makes it again")
    }
}
