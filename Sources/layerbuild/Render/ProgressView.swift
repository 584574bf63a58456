import Builder

/// Turns what happens in a build into text that only grows: lines for people, or objects for programs.
protocol ProgressView: Sendable {
    /// The lines about an event, each ended; empty if there is nothing to tell. `time` is in seconds since the command
    /// began.
    mutating func show(_ event: BuildEvent, at time: Double) -> String

    mutating func show(_ result: BuildResult) -> String

    mutating func show(_ failure: Failure) -> String
}
