import Frontend
import OCI
import Store
import SystemPackage

/// The end of a build: an image from what was planned and what the steps made, its outputs, and its names.
struct ImageExport {
    private let request: BuildRequest
    private let store: Store
    private let events: EventSink

    init(_ request: BuildRequest, _ store: Store, _ events: @escaping EventSink) {
        self.request = request
        self.store = store
        self.events = events
    }

    /// The names are given only after every output is complete.
    func run(
        _ planned: PlannedImage, _ bases: [BaseImage], _ results: [StepID: StepResult]
    ) throws(BuildError) -> (AssembledImage, [WrittenOutput]) {
        do throws(ImageError) {
            let encoder = LayerEncoder(store: store, choice: request.compression, threads: request.threads)
            let image = try assembler(planned, bases, results).assemble(with: encoder, in: store)
            let exporter = ImageExporter(
                store: store, encoder: encoder, snapshots: SnapshotProvider(store: store, threads: request.threads))
            var outputs: [WrittenOutput] = []
            for output in request.outputs where output.form != .none {
                outputs.append(try write(image, to: output, with: exporter))
            }
            for tag in request.tags {
                try ImageError.store { () throws(StoreError) in
                    try store.names.set(tag, to: image.manifest, holding: image.blobs.map(\.digest))
                }
            }
            return (image, outputs)
        } catch {
            throw BuildError(error)
        }
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

    private func write(
        _ image: AssembledImage, to output: Output, with exporter: ImageExporter
    ) throws(ImageError) -> WrittenOutput {
        let task = TaskID("exporting to \(output.path?.string ?? "standard output")")
        let clock = ContinuousClock()
        let start = clock.now
        events(.task(task, .started))
        do throws(ImageError) {
            let written = try exporter.export(image, named: request.tags, to: output) { done, total in
                events(.task(task, .progress(done: done, total: total)))
            }
            let detail = written.isUnchanged ? "unchanged" : nil
            events(.task(task, .finished(seconds: start.duration(to: clock.now).seconds, detail: detail)))
            return written
        } catch {
            events(.task(task, .failed))
            throw error
        }
    }
}
