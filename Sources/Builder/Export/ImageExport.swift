import Frontend
import OCI
import Store
import SystemPackage

/// The end of a build: an image from what was planned and what the steps made, its outputs, and its names.
struct ImageExport {
    private let request: BuildRequest
    private let store: Store
    private let events: EventSink
    private let registries: RegistryAccess?
    private let draft: OutputDraft?

    init(
        _ request: BuildRequest, _ store: Store, _ events: @escaping EventSink, _ registries: RegistryAccess? = nil,
        continuing draft: OutputDraft? = nil
    ) {
        self.registries = registries
        self.draft = draft
        self.request = request
        self.store = store
        self.events = events
    }

    /// The names are given only after every output is complete.
    func run(
        _ planned: [PlannedImage], _ bases: [BaseImage], _ results: [StepID: StepResult]
    ) throws(BuildError) -> (BuiltImage, [WrittenOutput]) {
        let assemblers = try planned.map { image throws(BuildError) in
            try squashed(assembler(image, bases, results))
        }
        let encoder = LayerEncoder(store: store, choice: request.compression, threads: request.threads)
        let image: BuiltImage
        do { image = try assemble(assemblers, encoder) } catch { throw BuildError(error) }
        let outputs = try write(image, encoder)
        for tag in request.tags {
            try fromStore { () throws(StoreError) in
                try store.names.set(tag, to: image.root, holding: image.blobs.map(\.digest))
            }
        }
        return (image, outputs)
    }

    private func assemble(
        _ assemblers: [ImageAssembler], _ encoder: LayerEncoder
    ) throws(ImageError) -> BuiltImage {
        let images = try zip(request.platforms, assemblers).map { platform, assembler throws(ImageError) in
            try assembler.assemble(with: encoder, in: store, request.annotations[platform] ?? ImageAnnotations())
        }
        return try BuiltImage.assemble(images, request.indexAnnotations, in: store)
    }

    private func write(_ image: BuiltImage, _ encoder: LayerEncoder) throws(BuildError) -> [WrittenOutput] {
        let exporter = ImageExporter(
            store: store, encoder: encoder, snapshots: SnapshotProvider(store: store, threads: request.threads),
            persistence: request.persistence, draft: draft)
        var outputs: [WrittenOutput] = []
        for output in request.outputs where output.form != .none {
            if case .registry(let name) = output.destination {
                do { try push(image, as: name.map { [$0] } ?? request.tags) } catch { throw BuildError(error) }
                outputs.append(WrittenOutput(output: output, size: nil, isUnchanged: false))
            } else {
                outputs.append(try write(image, to: output, with: exporter))
            }
        }
        return outputs
    }

    private func push(_ image: BuiltImage, as names: [Reference]) throws(ImageError) {
        guard let registries else { throw .usage("nothing is pushed here") }
        let exporter = RegistryExporter(store: store, access: registries)
        for name in names { try exporter.push(image.root, as: name) }
    }

    private func assembler(
        _ planned: PlannedImage, _ bases: [BaseImage], _ results: [StepID: StepResult]
    ) -> ImageAssembler {
        let lines = planned.history.map { line in
            let made = line.step.flatMap { results[$0] }.map {
                ImageAssembler.Made(layer: $0.layer, created: $0.created)
            }
            return ImageAssembler.Line(createdBy: line.createdBy, comment: line.comment, step: made)
        }
        return ImageAssembler(
            base: planned.base.map { bases[$0.index] }, config: planned.config, lines: lines, epoch: request.epoch)
    }

    /// The same image with fewer layers, if that is wanted.
    private func squashed(_ assembler: ImageAssembler) throws(BuildError) -> ImageAssembler {
        let kept: Int
        switch request.squash {
        case .nothing: return assembler
        case .newLayers: kept = assembler.baseLayerCount
        case .everything: kept = 0
        }
        let layers = assembler.config.diffIDs
        guard layers.count > kept else { return assembler }
        let task = TaskID("squashing layers")
        let clock = ContinuousClock()
        let start = clock.now
        events(.task(task, .started))
        do throws(BuildError) {
            let squash = LayerSquash(
                packer: LayerPacker(
                    store: store, compression: request.compression.compression, threads: request.threads),
                snapshots: SnapshotProvider(store: store, threads: request.threads))
            let layer = try squash.squash(layers, keeping: kept, at: request.startedAt)
            events(.task(task, .finished(seconds: start.duration(to: clock.now).seconds, detail: nil)))
            return assembler.squashed(into: layer, keepingBase: kept > 0 || assembler.baseLayerCount == 0)
        } catch {
            events(.task(task, .failed))
            throw error
        }
    }

    private func write(
        _ image: BuiltImage, to output: Output, with exporter: ImageExporter
    ) throws(BuildError) -> WrittenOutput {
        let task = TaskID("exporting to \(output.path?.string ?? "standard output")")
        let clock = ContinuousClock()
        let start = clock.now
        events(.task(task, .started))
        do throws(ImageError) {
            let written = try exporter.export(image, named: request.tags.map(LayoutName.init), to: output) {
                done, total in
                events(.task(task, .progress(done: done, total: total)))
            }
            let detail = written.isUnchanged ? "unchanged" : nil
            events(.task(task, .finished(seconds: start.duration(to: clock.now).seconds, detail: detail)))
            return written
        } catch {
            events(.task(task, .failed))
            throw error.systemError.map { BuildError($0, doing: task.name) } ?? BuildError(error)
        }
    }
}
