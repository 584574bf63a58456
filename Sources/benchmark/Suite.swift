import Glibc
import Linux
import SystemPackage

/// The workloads of one run on one file system.
struct Suite {
    private let base: BaseTree
    /// Where the workloads that need Debian start from.
    private let debian: BaseTree?
    private let builders: [any ImageBuilder]
    private let layerbuild: Layerbuild
    private let race: Race
    private var contexts: Contexts

    init(
        on bed: borrowing TestBed, program: FilePath, base given: FilePath?, debian: FilePath?, peers: [String],
        rounds: Int, seed: UInt64
    ) throws {
        let home = bed.path
        base = try BaseTree(from: given, in: home, bed.stopwatch)
        self.debian = try debian.map { try BaseTree("debian", from: $0, in: home, bed.stopwatch) }
        layerbuild = Layerbuild(program: program, store: home.appending("own-store"))
        builders = [layerbuild] + (try peers.compactMap { try Peer($0, in: home) })
        race = Race(rounds: rounds, seed: seed)
        contexts = Contexts(in: home, seed: seed)
    }

    /// Measures one workload; `report` hears of every round.
    mutating func run(
        _ workload: Workload, on bed: borrowing TestBed, report: (String) throws -> Void
    ) throws -> WorkloadResult {
        try report("preparing \(workload.rawValue)")
        guard let base = workload.needsDebian ? debian : workload == .base ? debian ?? base : base else {
            throw BenchmarkError("\(workload.rawValue) builds on Debian: name a root file system with --debian")
        }
        let place = Place(
            home: bed.path, context: try contexts.make(for: workload), base: base.folder, baseTarball: base.tarball,
            recipe: bed.path.appending("recipe-\(workload.rawValue)"), begun: bed.path.appending("recipe-begun"))
        if workload.needsDebian { try base.download(into: place.context.appending("debs"), bed.stopwatch) }
        try write(workload.recipe ?? "", to: place.recipe)
        try write(workload.begun, to: place.begun)
        var sides = builders.map { $0.contender(in: workload, place) }
        if workload == .base {
            let archive = place.context.appending("base.tar.gz")
            try bed.stopwatch.run(.shell("gzip -1 -c \(base.tarball.string.quoted) > \(archive.string.quoted)"))
            sides = [layerbuild.importing(archive)]
        }
        if workload == .container { sides = [layerbuild.running(workload, place)] }
        if workload.firstSteps(1) != nil { sides.append(layerbuild.shallow(workload, place)) }
        if workload == .application { sides.insert(layerbuild.unpacked(workload, place), at: 1) }
        if workload.writesMuch { sides.insert(layerbuild.unsynced(workload, place), at: 1) }
        return WorkloadResult(workload, try race.run(sides + workload.limits(in: place), on: bed, report: report))
    }

    private func write(_ text: String, to path: FilePath) throws {
        try File(opening: path, O_WRONLY | O_CREAT | O_TRUNC).write(Array(text.utf8))
    }
}
