/// What a stage comes to: its files, and what its image says.
struct PlannedStage: Hashable, Sendable {
    var fileSystem: FileSystem
    var fold: ConfigFold
    var base: BaseID?
    /// The stage it stands on.
    var parent: Int?
    /// The lines of its own instructions.
    var history: [PlannedHistory] = []

    static let historyComment = "buildkit.dockerfile.v0"
}
