import Layers
import Linux

/// An upper folder on its way to show what its layer says, while others read and name the files in it.
///
/// That takes a call for nearly every file, and changes nothing that naming asks for. Of few files it is done at the end.
struct Settling: ~Copyable {
    private static let few = 256

    private let diff: OverlayDiff
    private let failure = SharedState<LayerError?>(nil)
    private let thread: JoinedThread?

    init(_ diff: OverlayDiff) {
        self.diff = diff
        guard diff.count > Self.few else {
            thread = nil
            return
        }
        thread = try? JoinedThread { [failure] in
            do throws(LayerError) {
                // A build that is to end waits for this too.
                try diff.settle { Interruption.signal == nil }
            } catch {
                failure.update { $0 = error }
            }
        }
    }

    /// Returns when the folder is as it should be.
    consuming func finish() throws(BuildError) {
        guard let thread else { return try fromLayers { () throws(LayerError) in try diff.settle() } }
        thread.join()
        if let error = failure.update({ $0 }) { throw BuildError(error) }
        guard Interruption.signal == nil else { throw .interrupted }
    }
}
