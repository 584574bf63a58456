import Frontend

/// The file systems that a step may read.
struct StepInputs: Sendable {
    let bases: [StepResult]
    let results: [StepID: StepResult]

    func result(_ fileSystem: FileSystem) -> StepResult {
        switch fileSystem {
        case .scratch: .scratch
        case .base(let id): bases[id.index]
        case .step(let id): results[id] ?? .scratch
        }
    }
}
