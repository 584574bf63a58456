/// The threads that compress a layer, for what else is to be done while no frame waits for them.
///
/// A thread of its own for that would mostly share a processor with whoever wakes it: Linux looks for an idle one only
/// where most are.
package struct IdleThreads: Sendable {
    private let pipeline: FramePipeline

    init(_ pipeline: FramePipeline) { self.pipeline = pipeline }

    /// There is something to be done again.
    package func remind() { pipeline.remind() }
}
