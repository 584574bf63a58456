import OCI
import Store
import Testing

@testable import Builder

@Suite("A check of the store beside a build")
struct StoreVerificationTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    private func verify() throws -> StoreVerification.Report {
        try StoreVerification(store: bench.store, threads: 1).run()
    }

    /// Somebody else in the store.
    private func other() throws -> Store { try Store.openAsFound(at: bench.appending("store"), now: 1_700_000_000) }

    private func snapshot(of layer: DiffID) throws {
        _ = try bench.store.snapshots.newSnapshot().commit(layer, over: [])
    }

    @Test("takes a layer that is not packed for unfinished, whether or not somebody is there to pack it")
    func unfinished() throws {
        try snapshot(of: DiffID(Digest.of(Array("a layer".utf8))))
        do {
            let build = try other()
            let beside = try verify()
            #expect(beside.faults.isEmpty)
            #expect(beside.snapshots == 0)
            #expect(beside.unverifiable.snapshots == 1)
            withExtendedLifetime(build) {}
        }
        let alone = try verify()
        #expect(alone.faults.isEmpty)
        #expect(alone.unverifiable.snapshots == 1)

        let repair = try StoreVerification(store: bench.store, threads: 1, dropsUnfinished: true).run()
        #expect(repair.faults.map(\.subject) == [.incomparable])
        #expect(repair.unverifiable.snapshots == 0)
    }

    @Test("finds a layer whose blob is gone, and a file that differs, whoever else is there")
    func damaged() throws {
        let gone = try bench.layer("gone", "contents")
        try snapshot(of: gone)
        for encoding in try bench.store.encodings.encodings(of: gone) {
            try bench.shell("rm '\(bench.store.blobs.path(of: encoding.digest))'")
        }
        // The snapshot holds nothing, the layer a file.
        try snapshot(of: try bench.layer("missing", "contents"))
        let build = try other()
        let report = try verify()
        #expect(Set(report.faults.map(\.subject)) == [.incomparable, .folder])
        #expect(report.unverifiable.snapshots == 0)
        withExtendedLifetime(build) {}
    }
}
