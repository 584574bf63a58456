import ArgumentParser
import Linux

extension Persistence {
    /// What `--no-sync` says about itself.
    static let help: ArgumentHelp = "give an output its name without waiting until the disk has it"

    /// What is asked for with `--no-sync` or without it.
    init(noSync: Bool) { self = noSync ? .kernel : .disk }
}
