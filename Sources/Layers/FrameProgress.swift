/// How far the frames have come, and what a thread may do next.
///
///     written ≤ ready ≤ claimed ≤ submitted        each counts frames from the first one on
///
/// What goes in has `inputs` places, each free once its frame is compressed; what comes out has `outputs` places, each
/// free once its frame is named and written.
struct FrameProgress: Sendable {
    /// What a compressing thread does next.
    enum Turn: Equatable, Sendable {
        case compress(Int)
        /// Put the frame that is full in its place: for who reads alone.
        case submit(Int)
        /// Name and write the next frame of the blob.
        case write
        /// What else there is to do.
        case other
        case end
    }

    /// With who reads.
    private let threads: Int
    private let inputs: Int
    private let outputs: Int
    private let readerWrites: Bool
    private(set) var submitted = 0
    private var claimed = 0
    /// Those before which another one is not.
    private var compressed: Set<Int> = []
    /// So many are compressed with all before them.
    private(set) var ready = 0
    private var written = 0
    private var isWriting = false
    /// True for a frame that who reads would have to wait for.
    private(set) var isLeftToThreads = false
    /// False while who reads does what the others do.
    private var isReading = true
    private var isOtherOffered = false
    private var isAtOther = false
    private var isClosed = false
    private var isAbandoned = false
    private(set) var failure: LayerError?

    /// `readerWrites`: whether it costs less when who reads writes too.
    init(threads: Int, inputs: Int, outputs: Int, readerWrites: Bool) {
        self.threads = threads
        self.inputs = inputs
        self.outputs = outputs
        self.readerWrites = readerWrites
    }

    /// True if the next frame finds a place: if the one that had it is compressed.
    var hasRoom: Bool {
        let earlier = submitted - inputs
        return earlier < ready || compressed.contains(earlier)
    }

    mutating func submit() { submitted += 1 }

    /// No further frame comes.
    mutating func close() { (isClosed, isReading) = (true, false) }

    /// Nobody wants the rest: the threads end with the frames they are at.
    mutating func abandon() { isAbandoned = true }

    /// The same for a reason. The first one counts.
    mutating func abandon(because error: LayerError) {
        failure = failure ?? error
        abandon()
    }

    /// What a thread does that has nothing to do; `nil` if it has to wait. Who reads, and has a full frame, helps the
    /// others until there is a place for it.
    ///
    /// A compressing thread writes when it would have to wait otherwise: for a place for a frame, or for a frame, unless
    /// somebody reads that one and may write meanwhile.
    mutating func takeTurn(isReader: Bool = false) -> Turn? {
        if isAbandoned { return .end }
        if isReader {
            isReading = hasRoom
            if hasRoom { return .submit(submitted) }
        }
        if claimed < submitted, claimed - written < outputs {
            claimed += 1
            return .compress(claimed - 1)
        }
        let isLeftToReader = readerWrites && !isLeftToThreads && claimed == submitted && isReading && hasRoom
        if written < ready, !isWriting, !isLeftToReader {
            isWriting = true
            return .write
        }
        if mayDoOther {
            isAtOther = true
            return .other
        }
        // What is not written yet is with another thread, which goes on until nothing is left.
        return isClosed && claimed == submitted ? .end : nil
    }

    mutating func complete(_ ordinal: Int) {
        compressed.insert(ordinal)
        while compressed.remove(ready) != nil { ready += 1 }
    }

    /// Counts a frame whose last byte is named and written, whoever did it.
    mutating func countWritten() {
        written += 1
        isLeftToThreads = false
    }

    /// Whoever reads does not write the rest of this frame.
    mutating func leaveToThreads() { isLeftToThreads = true }

    mutating func endWriting() { isWriting = false }

    /// False if no other frame will have the place of this one.
    func needsInput(after ordinal: Int) -> Bool { !isClosed || ordinal + inputs < submitted }
    func needsOutput(after ordinal: Int) -> Bool { !isClosed || ordinal + outputs < submitted }

    // MARK: Something else

    /// True if there is something else to be done, and a processor for it beside who reads and those that compress. One
    /// thread at a time is at it.
    private var mayDoOther: Bool {
        let busy = claimed - ready - compressed.count + (isReading ? 1 : 0)
        return isOtherOffered && !isAtOther && !isClosed && busy < threads
    }

    /// There is something else to be done. Returns whether a thread may do it now.
    mutating func offer() -> Bool {
        isOtherOffered = true
        return mayDoOther
    }

    /// `isMore`: whether there is more of it now. Who offers some meanwhile may have to do so again.
    mutating func endOther(isMore: Bool) {
        isAtOther = false
        isOtherOffered = isMore
    }
}
