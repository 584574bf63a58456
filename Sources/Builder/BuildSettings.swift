import Frontend
import Layers
import Linux
import OCI

/// What all steps of a build have in common.
struct BuildSettings: Sendable {
    /// Names the recipe among the recipes of this machine: where it is.
    let recipeName: [UInt8]
    /// SOURCE_DATE_EPOCH where it holds for the times within layers.
    let layerEpoch: Int64?
    let compression: Compression
    let threads: Int
    /// How many files a COPY opens ahead at a time.
    let filesAhead: Int
    /// What is waited for where a layer's blob is concerned: names in the store wait for theirs.
    let blobPersistence: Persistence
    private let useCache: Bool
    /// Lower-case names of stages whose steps are executed whatever the cache holds.
    private let uncachedStages: Set<ExactText>
    let sandbox: SandboxRequest
    let stepTimeout: Int?
    /// When the build was asked for, in seconds since 1970.
    let startedAt: Int64
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now

    init(_ request: BuildRequest, recipeName: [UInt8]) {
        self.recipeName = recipeName
        layerEpoch = request.rewriteTimestamps ? request.epoch : nil
        compression = request.compression.compression
        threads = request.threads
        filesAhead = Self.filesAhead(jobs: request.jobs, of: OwnedDescriptor.limit)
        blobPersistence = request.tags.isEmpty ? .kernel : .disk
        useCache = request.useCache
        uncachedStages = request.plan.uncachedStages
        sandbox = request.sandbox
        stepTimeout = request.stepTimeout
        startedAt = request.startedAt
    }

    /// How many files each step may open ahead where the process may have so many open.
    ///
    /// A COPY has three times as many open, and so may all the steps that run at once. Everything else gets 256, with
    /// which builds of many steps do well.
    static func filesAhead(jobs: Int, of limit: Int) -> Int {
        min(64, max(0, min(limit, 1024) - 256) / 3 / max(1, jobs))
    }

    /// Whether an earlier result of the step will do.
    func usesCache(for step: Step) -> Bool { useCache && !uncachedStages.contains(step.place.stage) }

    /// The time, counted on from the start: a clock that is set meanwhile does not show.
    func now() -> Int64 { startedAt + start.duration(to: clock.now).components.seconds }
}
