import Layers

/// The layer that a step made: its names, and its blob, which may still have to be packed.
struct MadeLayer: Sendable {
    let names: WrittenLayer
    /// Packs the blob. `nil` if that is done.
    var packing: Backlog.Work?
}
