import Builder

/// What an ending is worth to whoever started the program.
struct ExitCode: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    static let success = ExitCode(rawValue: 0)
    static let stepFailed = ExitCode(rawValue: 1)
    static let badRecipe = ExitCode(rawValue: 2)
    static let rejectedInput = ExitCode(rawValue: 3)
    static let network = ExitCode(rawValue: 4)
    static let exhausted = ExitCode(rawValue: 5)
    static let damagedStore = ExitCode(rawValue: 6)
    static let unsuitableMachine = ExitCode(rawValue: 7)
    static let usage = ExitCode(rawValue: 64)

    static func signal(_ number: Int32) -> ExitCode { ExitCode(rawValue: 128 + number) }

    /// What a build error is worth; `signal` is the one that asked the program to stop, if one did.
    init(_ kind: BuildError.Kind, signal: Int32? = nil) {
        switch (kind, signal) {
        // A command that was told to stop as well may have failed before we ended it.
        case (.step, let signal?), (.interrupted, let signal?): self = .signal(signal)
        case (.interrupted(let number), nil): self = .signal(number)
        case (.step, nil): self = .stepFailed
        case (.command(let code), _): self = ExitCode(rawValue: code)
        case (.recipe, _): self = .badRecipe
        case (.input, _): self = .rejectedInput
        case (.network, _): self = .network
        case (.resource, _): self = .exhausted
        case (.store, _): self = .damagedStore
        case (.machine, _): self = .unsuitableMachine
        }
    }

    init(rawValue: Int32) { self.rawValue = rawValue }
}
