/// How far the frames have come, and what a thread may do next.
///
///     named ≤ written ≤ claimed ≤ submitted        each counts frames from the first one on
///
/// What goes in has `inputs` places, each free once its frame is compressed; what comes out has `outputs` places, each
/// free once its frame is written and named.
struct FrameProgress: Sendable {
    /// What a compressing thread does next.
    enum Turn: Equatable, Sendable {
        case compress(Int)
        /// Go on with the blob's digest.
        case name
        case end
    }

    private let inputs: Int
    private let outputs: Int
    private(set) var submitted = 0
    private var claimed = 0
    /// Those that are not written yet.
    private var compressed: Set<Int> = []
    private(set) var written = 0
    private var named = 0
    private var isWriting = false
    private var isNaming = false
    private var isClosed = false
    private var isAbandoned = false
    private(set) var failure: LayerError?

    init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
    }

    /// True if the next frame finds a place: if the one that had it is compressed.
    var hasRoom: Bool {
        let earlier = submitted - inputs
        return earlier < written || compressed.contains(earlier)
    }

    mutating func submit() { submitted += 1 }

    /// No further frame comes.
    mutating func close() { isClosed = true }

    /// Nobody wants the rest: the threads end with the frames they are at.
    mutating func abandon() { isAbandoned = true }

    /// The same for a reason. The first one counts.
    mutating func abandon(because error: LayerError) {
        failure = failure ?? error
        abandon()
    }

    /// What a thread does that has nothing to do; `nil` if it has to wait.
    ///
    /// The blob is named by who reads, beside the tar, which costs less. A compressing thread names when it would have to
    /// wait otherwise: for a frame, or for a place for one.
    mutating func takeTurn() -> Turn? {
        if isAbandoned { return .end }
        if claimed < submitted, claimed - named < outputs {
            claimed += 1
            return .compress(claimed - 1)
        }
        if named < written, !isNaming {
            isNaming = true
            return .name
        }
        // What is not written or named yet is with another thread, which goes on until nothing is left.
        return isClosed && claimed == submitted ? .end : nil
    }

    mutating func complete(_ ordinal: Int) { compressed.insert(ordinal) }

    /// The next frame to be written if it is complete, unless another thread writes.
    mutating func beginWriting() -> Int? {
        guard !isWriting, compressed.remove(written) != nil else { return nil }
        isWriting = true
        return written
    }

    mutating func endWriting() {
        written += 1
        isWriting = false
    }

    /// Counts a frame whose last byte is hashed, whoever did it.
    mutating func countNamed() { named += 1 }

    mutating func endNaming() { isNaming = false }
}
