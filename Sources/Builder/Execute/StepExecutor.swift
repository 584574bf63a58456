import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// The frame of every step: look it up; if it must be done prepare, do, pack, and keep the result under its key.
///
/// Called on a worker thread, start to end: it blocks.
struct StepExecutor: Sendable {
    let settings: BuildSettings
    let store: Store
    let snapshots: SnapshotProvider
    let contexts: BuildContexts
    let remotes: RemoteSources
    /// What the bases of the plan left, by their place in the list.
    let bases: [StepResult]
    /// The steps whose files a later step reads.
    let readSteps: Set<StepID>
    let networkFiles: NetworkFilesOnce
    let initLayers: InitLayers
    let squashedLayers: SquashedLayers
    let backlog = Backlog()
    let credentials: Credentials
    /// What other machines' steps produced.
    let importedCache: ImportedCache
    /// The output that takes layers while they are packed.
    let draft: OutputDraft?
    let events: EventSink
    let interruption: Interruption
    let clearedCaches = ClearedCaches()
    let mountedCaches = MountedCaches()

    func execute(_ step: Step, _ results: [StepID: StepResult]) throws(BuildError) -> StepResult {
        guard !interruption.isRequested else { throw .interrupted }
        events(.step(step.id, .started))
        let inputs = StepInputs(bases: bases, results: results)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            return try find(step, inputs)
        } catch {
            events(.step(step.id, .failed(seconds: start.duration(to: clock.now).seconds)))
            throw error.at(step.origin)
        }
    }

    /// The record of an earlier build, or else a result that is made now, while no other build makes the same.
    private func find(_ step: Step, _ inputs: StepInputs) throws(BuildError) -> StepResult {
        let keys = keys(for: inputs)
        if let shape = keys.shape(of: step), let result = try makeUnheardOf(step, inputs, keys, shape) { return result }

        let key = try keys.key(of: step)
        let names = [key.digest, keys.shape(of: step)?.digest]
        if settings.usesCache(for: step), let result = try lookUp(key, step, inputs) { return result.known(by: names) }
        let lock = try wait(for: key)
        if settings.usesCache(for: step), let result = try lookUp(key, step, inputs) { return result.known(by: names) }
        let slot = slot(of: step)
        let last = try fromStore { () throws(StoreError) in try store.cache.lastKey(at: slot) }
        let reason = settings.usesCache(for: step) ? try MissExplanation.phrase(key, since: last) : Self.uncached
        events(.step(step.id, .missed(reason: reason)))
        let earlier =
            settings.usesCache(for: step) ? try last.flatMap { key throws(BuildError) in try layer(under: key) } : nil
        let made = try make(step, inputs, resembling: earlier)
        try keep(made, of: step, under: [key, keys.shape(of: step)], at: slot, HeldKey(lock))
        return made.result.known(by: names)
    }

    func keys(for inputs: StepInputs) -> StepKey {
        StepKey(
            inputs: inputs, contexts: contexts, remotes: remotes, threads: settings.threads, epoch: settings.layerEpoch,
            sandbox: settings.sandbox, recording: store.path)
    }

    static let uncached = "the cache is not asked"

    /// Makes a step of which no record can exist, so that its files are read once: for their names and the layer alike.
    ///
    /// Returns `nil`, and nothing is done, if there may be a record.
    private func makeUnheardOf(
        _ step: Step, _ inputs: StepInputs, _ keys: StepKey, _ shape: CacheKey
    ) throws(BuildError) -> StepResult? {
        let slot = slot(of: step)
        guard try isUnheardOf(step, shape, slot) else { return nil }
        let lock = try wait(for: shape)
        guard try isUnheardOf(step, shape, slot) else { return nil }
        events(
            .step(step.id, .missed(reason: settings.usesCache(for: step) ? MissExplanation.unheardOf : Self.uncached)))
        var named: CacheKey?
        let made = try make(step, inputs) { () throws(BuildError) in named = try keys.key(of: step) }
        let key = if let named { named } else { try keys.key(of: step) }
        try keep(made, of: step, under: [key, shape], at: slot, HeldKey(lock))
        return made.result.known(by: [key.digest, shape.digest])
    }

    private func isUnheardOf(_ step: Step, _ shape: CacheKey, _ slot: CacheSlot) throws(BuildError) -> Bool {
        guard settings.usesCache(for: step) else { return true }
        return try fromStore { () throws(StoreError) in
            guard try store.cache.lookup(shape.digest) == nil else { return false }
            return try store.cache.lastKey(at: slot) == nil
        }
    }

    /// Notes what a step made under its keys, once its blob is packed. Until then nobody else makes the same.
    private func keep(
        _ made: Made, of step: Step, under keys: [CacheKey?], at slot: CacheSlot, _ lock: HeldKey
    ) throws(BuildError) {
        guard let packing = made.packing else { return try insert(made.record, under: keys, at: slot) }
        try backlog.add { () throws(BuildError) in
            do throws(BuildError) { try packing() } catch { throw error.at(step.origin) }
            try insert(made.record, under: keys, at: slot)
            withExtendedLifetime(lock) {}
        }
    }

    private func insert(_ record: CacheRecord, under keys: [CacheKey?], at slot: CacheSlot) throws(BuildError) {
        try fromStore { () throws(StoreError) in
            for (index, key) in keys.enumerated() {
                if let key { try store.cache.insert(record, for: key, at: index == 0 ? slot : nil) }
            }
        }
    }

    /// A file system as a tree that can be looked into without a mount.
    func tree(_ result: StepResult) throws(BuildError) -> MergedTree {
        do { return try snapshots.tree(of: result.layers) } catch { throw BuildError(error) }
    }

    func slot(of step: Step) -> CacheSlot {
        // A step for another platform is no earlier form of the one for this.
        let platform = step.place.platform.flatMap { $0 == .host ? nil : "\($0) " } ?? ""
        return CacheSlot(recipe: settings.recipeName, stage: platform + step.place.stage, step: step.place.number)
    }

    /// What an earlier build left under the key, if its layer is still there.
    func record(of key: CacheKey) throws(BuildError) -> CacheRecord? {
        let record = try fromStore { () throws(StoreError) in try store.cache.lookup(key.digest) }
        guard let record, try record.layer.map(isPresent) ?? true else { return nil }
        return record
    }

    /// The layer that was made under a key, wherever it is.
    private func layer(under key: CacheKey) throws(BuildError) -> DiffID? {
        try fromStore { () throws(StoreError) in try store.cache.lookup(key.digest)?.layer }
    }

    /// The same as a result; the use is noted.
    private func lookUp(_ key: CacheKey, _ step: Step, _ inputs: StepInputs) throws(BuildError) -> StepResult? {
        guard let record = try record(of: key) else { return nil }
        try fromStore { () throws(StoreError) in try store.cache.note(key.digest, at: slot(of: step)) }
        events(.step(step.id, .cached))
        return inputs.result(step.base).adding(record.layer, tree: record.tree, created: record.created)
    }

    private func isPresent(_ layer: DiffID) throws(BuildError) -> Bool {
        guard try fromStore({ () throws(StoreError) in try store.encodings.encodings(of: layer) }).isEmpty else {
            return true
        }
        return fetch(layer)
    }

    /// True if another machine's cache gave us the layer. One that does not is no reason to fail: the step can be done.
    private func fetch(_ layer: DiffID) -> Bool {
        do throws(ImageError) {
            return try importedCache.fetch(layer)
        } catch {
            events(.note("the layer \(layer) cannot be had from the cache: \(error)"))
            return false
        }
    }

    /// Waits until no other build makes the same step, but not longer than the user wants to.
    private func wait(for key: CacheKey) throws(BuildError) -> KeyLock {
        while true {
            if let lock = try fromStore({ () throws(StoreError) in try store.cache.tryLock(key.digest) }) {
                return lock
            }
            guard !interruption.wait(milliseconds: 20) else { throw .interrupted }
        }
    }

    /// `meanwhile` is called once the files of a COPY have been read, while the last of them are still compressed.
    ///
    /// `earlier`: a layer that the new one is mostly the same as.
    private func make(
        _ step: Step, _ inputs: StepInputs, resembling earlier: DiffID? = nil,
        meanwhile: () throws(BuildError) -> Void = {}
    ) throws(BuildError) -> Made {
        let clock = ContinuousClock()
        let start = clock.now
        let base = inputs.result(step.base)
        let made: MadeLayer? =
            switch step.operation {
            case .run(let run): try RunExecutor(frame: self, step: step, inputs: inputs).execute(run)
            case .copy(let copy):
                try CopyExecutor(frame: self, step: step, inputs: inputs, earlier: earlier)
                    .execute(copy, meanwhile: meanwhile)
                    .map { MadeLayer(names: $0) }
            case .makeDirectory(let directory):
                try DirectoryExecutor(frame: self, step: step, inputs: inputs).execute(directory)
                    .map { MadeLayer(names: $0) }
            }
        let layer = made?.names
        let duration = start.duration(to: clock.now)
        let tree = layer.map { base.tree.followed(by: $0.contents) } ?? base.tree
        let record = CacheRecord(
            layer: layer?.diffID, tree: tree, created: settings.now(), milliseconds: Int64(duration.seconds * 1000),
            uncompressedSize: layer?.uncompressedSize ?? 0, entryCount: Int64(layer?.entryCount ?? 0))
        events(.step(step.id, .finished(seconds: duration.seconds, layerSize: layer?.uncompressedSize)))
        return Made(
            record: record, result: base.adding(layer?.diffID, tree: tree, created: record.created),
            packing: made?.packing)
    }
}

/// What came of a step that had to be done.
private struct Made {
    let record: CacheRecord
    let result: StepResult
    let packing: Backlog.Work?
}

/// A lock that a work takes along which is put off.
private final class HeldKey: Sendable {
    private let lock: KeyLock

    init(_ lock: consuming KeyLock) { self.lock = lock }
}

extension BuildError {
    /// The user wants to stop, or another step failed.
    static var interrupted: BuildError {
        BuildError(.interrupted(signal: Interruption.signal ?? 0), "interrupted", "the build was interrupted")
    }
}

extension Digest {
    /// The name of a tree with a layer of these contents over it.
    func followed(by contents: Digest) -> Digest { .of(bytes + contents.bytes) }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
