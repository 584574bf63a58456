import Frontend
import Layers
import Linux
import OCI
import Store
import Synchronization
import SystemPackage

/// An image's tarball that is begun while the layers are still packed.
///
///     compressed frames ─┬→ blob of the store
///                        └→ the draft, behind the layers below
///
/// So nothing is left to be copied when the last layer is done, and the disk has begun long before. A draft is a head
/// start and no more: it is dropped if it is not the beginning of the image in the end, or if anything goes wrong with
/// it. Then the export writes everything, and tells what goes wrong.
final class OutputDraft: Sendable {
    private struct State: ~Copyable {
        var file: DraftFile?
        /// The layers in the file, as the image has them.
        var held: [DiffID] = []
        /// True while a layer is packed into it.
        var isBusy = false
        var isOver = false

        mutating func drop() {
            file = nil
            isOver = true
        }
    }

    private let path: FilePath
    private let output: Output
    private let persistence: Persistence
    private let store: Store
    private let encoder: LayerEncoder
    private let base: [BaseImage.Layer]
    /// The steps whose layers are the image's.
    private let steps: Set<StepID>
    private let state = Mutex(State())

    /// `nil` if no output is the tarball of one image, or if its layers are not those that the steps make.
    init?(_ request: BuildRequest, _ images: [PlannedImage], _ bases: [BaseImage], _ store: Store) {
        let output = request.outputs.first { [.image, .oci].contains($0.form) && $0.path != nil }
        guard let output, let path = output.path, images.count == 1, request.squash == .nothing else { return nil }
        self.output = output
        self.path = path
        self.store = store
        persistence = request.persistence
        encoder = LayerEncoder(store: store, choice: request.compression, threads: request.threads)
        base = images[0].base.map { bases[$0.index].layers } ?? []
        steps = Set(images[0].history.compactMap(\.step))
    }

    /// Where the layer of a step goes besides the store. Whoever gets a place calls ``end(_:)`` afterwards.
    ///
    /// `layers` are those that the step stands on. Returns `nil` if the layer is not the image's next one.
    func begin(_ step: StepID, over layers: [DiffID]) -> FileTwin? {
        guard steps.contains(step) else { return nil }
        return state.withLockIfAvailable { state -> FileTwin? in
            guard !state.isOver, !state.isBusy else { return nil }
            guard let twin = attempt(&state, { state throws(ImageError) in try place(&state, over: layers) }) else {
                return nil
            }
            state.isBusy = true
            return twin
        } ?? nil
    }

    /// Takes in the layer that was packed; `nil` if there is none.
    func end(_ layer: WrittenLayer?) {
        state.withLock { state in
            state.isBusy = false
            attempt(&state) { state throws(ImageError) in
                guard let layer else { return try state.file?.reject() }
                let descriptor = EncodedLayer(layer, encoder.compression).descriptor
                guard try state.file?.accept(descriptor) == true else { return state.drop() }
                state.held.append(layer.diffID)
            }
        }
    }

    /// What there is of an output's archive, for whoever writes the rest.
    func take(for output: Output, _ archive: LayoutArchive) -> BegunOutput? {
        guard output == self.output else { return nil }
        return state.withLock { state in
            state.isOver = true
            guard let file = state.file.take() else { return nil }
            return file.begun(archive)
        }
    }

    private func place(_ state: inout State, over layers: [DiffID]) throws(ImageError) -> FileTwin? {
        guard layers.starts(with: state.held) else { return nil }
        var below: [Descriptor] = []
        for index in state.held.count..<layers.count {
            guard let ready = try descriptor(of: layers[index], at: index) else { return nil }
            below.append(ready)
        }
        // A FIFO is not even opened: who reads from it would be waited for, and told the end when it is closed again.
        if state.file == nil, !OutputFile.isStream(path) {
            state.file = try DraftFile(at: path, in: store, for: persistence)
        }
        guard try state.file?.hasRoom(for: below) == true else {
            state.drop()
            return nil
        }
        try state.file?.append(below)
        state.held = layers
        return try state.file?.place()
    }

    /// A layer's blob as the image will have it; `nil` if it has still to be made.
    private func descriptor(of layer: DiffID, at index: Int) throws(ImageError) -> Descriptor? {
        guard index < base.count else { return try encoder.readyDescriptor(of: layer) }
        return try encoder.readyDescriptor(ofBase: base[index])
    }

    /// Drops the draft for good if something goes wrong with it.
    @discardableResult
    private func attempt<Value: ~Copyable>(
        _ state: inout State, _ body: (inout State) throws(ImageError) -> Value?
    ) -> Value? {
        do throws(ImageError) {
            return try body(&state)
        } catch {
            state.drop()
            return nil
        }
    }
}
