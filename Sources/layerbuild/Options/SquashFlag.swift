import ArgumentParser
import Builder

/// `--squash` and `--squash-all`, of which at most one is given.
enum SquashFlag: String, EnumerableFlag, CustomStringConvertible {
    case squash
    case squashAll

    static func help(for value: SquashFlag) -> ArgumentHelp? {
        switch value {
        case .squash: "make one layer of all that the recipe adds to its base"
        case .squashAll: "make one layer of the whole image, the base included"
        }
    }

    /// The word that reflection would find too, later.
    var description: String { rawValue }

    var squash: Squash {
        switch self {
        case .squash: .newLayers
        case .squashAll: .everything
        }
    }
}
