import Linux
import OCI
package import Store
import SystemPackage

/// Verifies a whole store: every blob, every unpacked layer, every record and every name.
///
/// Not verified is what nothing can be compared with: the work in progress of those who are in the store, cache mounts that
/// a killed build had, and snapshots whose layers are still being packed, or never were.
package struct StoreVerification: Sendable {
    /// What was looked at, and what was found.
    package struct Report: Sendable {
        package let blobs: Int
        package let snapshots: Int
        package let faults: [StoreFault]
        /// What was not looked into.
        package let unverifiable: Unverifiable
    }

    private let store: Store
    private let threads: Int
    /// True if nobody else is in the store, and what is unfinished is to go: nobody will pack it, and if a bit in it has
    /// flipped, each build that comes to the same layer fails.
    private let dropsUnfinished: Bool

    package init(store: Store, threads: Int, dropsUnfinished: Bool = false) {
        self.store = store
        self.threads = threads
        self.dropsUnfinished = dropsUnfinished
    }

    package func run() throws(ImageError) -> Report {
        let check = StoreCheck(store)
        let blobs = try ImageError.store { () throws(StoreError) in try check.blobs() }
        let bad = try blobs.mapOnThreads(threads) { blob throws(ImageError) in
            try ImageError.store { () throws(StoreError) in try check.check(blob) }.map { (blob, $0) }
        }
        .compactMap(\.self)
        let damaged = Set(bad.map(\.0))
        let snapshots = try verifySnapshots(check, damaged)
        let rest = try ImageError.store { () throws(StoreError) in try check.faults(damaged: damaged) }
        let (open, containerFaults) = try verifyContainers(check)
        let unverifiable = try ImageError.store { () throws(StoreError) in
            try check.unverifiable(containers: open, snapshots: snapshots.unfinished)
        }
        return Report(
            blobs: blobs.count, snapshots: snapshots.judged,
            faults: bad.map(\.1) + snapshots.faults + rest + containerFaults, unverifiable: unverifiable)
    }

    /// What came of looking at the unpacked layers: how many could be judged, how many are unfinished.
    private typealias SnapshotOutcome = (judged: Int, unfinished: Int, faults: [StoreFault])

    /// Unpacked layers that were kept in memory have gone with their process.
    private func verifySnapshots(_ check: StoreCheck, _ damaged: Set<Digest>) throws(ImageError) -> SnapshotOutcome {
        guard !store.keepsSnapshotsInMemory else { return (0, 0, []) }
        let snapshots = try ImageError.store { () throws(StoreError) in try check.snapshots() }
        let comparison = SnapshotVerification(store: store, damaged: damaged)
        let verdicts = try snapshots.mapOnThreads(threads) { snapshot throws(ImageError) in
            try comparison.fault(of: snapshot.layers)
        }
        let bad = Set(
            zip(snapshots, verdicts).compactMap { snapshot, verdict in
                verdict.flatMap { $0.isFinding || dropsUnfinished ? snapshot.chain : nil }
            })
        let faults = zip(snapshots, verdicts).compactMap { snapshot, verdict -> StoreFault? in
            switch verdict {
            case .differs(let why): check.fault(of: snapshot.chain, why)
            case .incomparable(let why): check.incomparable(snapshot.chain, why)
            case .unfinished where dropsUnfinished: check.incomparable(snapshot.chain, "its layer was never packed")
            case .unfinished, nil:
                Self.foundation(of: snapshot.layers, among: bad).map { check.incomparable(snapshot.chain, $0) }
            }
        }
        let unfinished = dropsUnfinished ? 0 : verdicts.count { $0?.isFinding == false }
        return (snapshots.count - unfinished, unfinished, faults)
    }

    /// How many kept containers nobody can judge, and the faults of the others. Where a record is damaged, the check of
    /// records says so.
    private func verifyContainers(_ check: StoreCheck) throws(ImageError) -> (Int, [StoreFault]) {
        let names = try ImageError.store { () throws(StoreError) in try check.containerNames() }
        let verdicts = try names.mapOnThreads(threads) { name throws(ImageError) in try isWhole(container: name) }
        let faults = zip(names, verdicts).filter { $1 == false }.map { name, _ in
            check.fault(ofContainer: name, "its files are not what its command left")
        }
        return (verdicts.filter { $0 == nil }.count, faults)
    }

    /// `nil` if nothing says what the container's files should be.
    private func isWhole(container name: String) throws(ImageError) -> Bool? {
        let noted: Digest?
        do throws(StoreError) { noted = try store.containers.contents(of: name) } catch {
            guard error.isDamage else { throw .store(error) }
            return false
        }
        guard let noted else { return nil }
        return try ImageError.system { () throws(SyscallError) -> Bool in
            do throws(SyscallError) {
                return try FolderDigest.of(store.containers.files(of: name)) == noted
            } catch  where error.errno == .noSuchFileOrDirectory {
                // Somebody has removed it since.
                return true
            }
        }
    }

    /// What is wrong with a sound snapshot: it was made over one that is not, and goes with it.
    private static func foundation(of layers: [DiffID], among bad: Set<ChainID>) -> String? {
        let below = layers.indices.dropFirst().compactMap { Array(layers[..<$0]).chain }
        return below.first(where: bad.contains).map { "it lies over \($0), which is not what its layer holds" }
    }
}
