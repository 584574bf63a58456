/// What one timed run of one contender cost.
package struct Sample: Hashable, Sendable {
    package let wallSeconds: Double
    /// User and system time of all its processes.
    package let processorSeconds: Double
    /// The largest resident set of any of its processes, in bytes.
    package let peakMemory: Int
    /// The size of what it wrote, in bytes; `nil` if it has no output.
    package let outputSize: Int64?

    package init(wallSeconds: Double, processorSeconds: Double, peakMemory: Int, outputSize: Int64? = nil) {
        self.wallSeconds = wallSeconds
        self.processorSeconds = processorSeconds
        self.peakMemory = peakMemory
        self.outputSize = outputSize
    }
}
