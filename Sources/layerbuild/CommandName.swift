import ArgumentParser

/// The commands by the words that are typed for them, in the order in which help lists them.
///
/// A command's type is asked for when its word is there: for each type that stands in a list of commands the runtime
/// makes tables, on pages that nothing else touches.
enum CommandName: String, CaseIterable {
    case build
    case check
    case run
    case commit
    case containers
    case `import`
    case images
    case tag
    case remove = "rm"
    case inspect
    case history
    case list = "ls"
    case cat
    case diff
    case report
    case diskUsage = "du"
    case prune
    case fsck
    case explain
    case completions
    case parse
    case push
    case copy
    case login
    case logout

    /// What the word that is typed stands for, another one for the same command among them.
    init?(typed word: String) {
        guard let name = Self(rawValue: word) ?? Self.allCases.first(where: { $0.aliases.contains(word) }) else {
            return nil
        }
        self = name
    }

    /// Every word that stands for a command.
    static var typed: [String] { allCases.flatMap { [$0.rawValue] + $0.aliases } }

    /// Other words for the same command.
    var aliases: [String] {
        switch self {
        case .import: ["load"]
        case .copy: ["save"]
        case .build, .check, .run, .commit, .containers, .images, .tag, .remove, .inspect, .history, .list, .cat, .diff,
            .report, .diskUsage, .prune, .fsck, .explain, .completions, .parse, .push, .login, .logout:
            []
        }
    }

    var command: any ParsableCommand.Type {
        switch self {
        case .build: BuildCommand.self
        case .check: CheckCommand.self
        case .run: RunCommand.self
        case .commit: CommitCommand.self
        case .containers: ContainersCommand.self
        case .import: ImportCommand.self
        case .images: ImagesCommand.self
        case .tag: TagCommand.self
        case .remove: RemoveCommand.self
        case .inspect: InspectCommand.self
        case .history: HistoryCommand.self
        case .list: ListCommand.self
        case .cat: CatCommand.self
        case .diff: DiffCommand.self
        case .report: ReportCommand.self
        case .diskUsage: DiskUsageCommand.self
        case .prune: PruneCommand.self
        case .fsck: FsckCommand.self
        case .explain: ExplainCommand.self
        case .completions: CompletionsCommand.self
        case .parse: ParseCommand.self
        case .push: PushCommand.self
        case .copy: CopyCommand.self
        case .login: LoginCommand.self
        case .logout: LogoutCommand.self
        }
    }
}
