import ArgumentParser
import Glibc
import Linux
import SystemPackage
import Testing

@testable import layerbuild

/// What `--help` says and what the page on the command line says are about the same flags.
@Suite("Every flag")
struct HelpTests {
    private static let commands: [String] = Layerbuild.configuration.subcommands.compactMap { command in
        command.configuration.shouldDisplay ? command.configuration.commandName : nil
    }

    /// What takes the flags of a build is not shown with each of them once more.
    private static let kin = ["check": "build", "explain": "build"]

    @Test("that the help of a command prints stands on the page, in an example of that command", arguments: commands)
    func documented(command: String) throws {
        let page = try Self.page()
        var words = Self.words(of: [command, Self.kin[command] ?? command], in: Self.examples(in: page))
        let common = try #require(page.split(separator: "\n## ").first { $0.hasPrefix("For all commands\n") })
        words += Self.words(of: Self.commands, in: Self.examples(in: String(common)))
        for option in try Self.options(of: command) {
            let isShown = option.names.contains { Self.isUsed($0, in: words) }
            #expect(isShown, "no example of `\(command)` uses \(option.names)")
        }
    }

    @Test("has one line of help, which is no sentence", arguments: commands)
    func explained(command: String) throws {
        for option in try Self.options(of: command) {
            #expect(!option.help.isEmpty, "\(command) \(option.names)")
            #expect(!option.help.hasSuffix("."), "\(command) \(option.names)")
            #expect(option.help.utf8.count <= 120, "\(command) \(option.names)")
        }
    }

    @Test("has a command whose help ends with an example", arguments: commands)
    func exampleOfCommand(command: String) throws {
        let help = try Self.help(of: command)
        let overview = try #require(help.firstRange(of: "\nUSAGE:").map { help[..<$0.lowerBound] })
        #expect(overview.contains("Example: "), "\(overview)")
        #expect(overview.contains("layerbuild \(command == "build" ? "-" : command)"), "\(overview)")
    }

    // MARK: What the help says

    private struct Described {
        /// As in `-f`, `--file`.
        let names: [String]
        var help: String
    }

    private static func help(of command: String) throws -> String {
        let type = try #require(
            Layerbuild.configuration.subcommands.first { $0.configuration.commandName == command })
        // So wide that no explanation is broken.
        return Layerbuild.helpMessage(for: type, columns: 400)
    }

    /// The flags; help and the program's own version are explained for all commands at once.
    private static func options(of command: String) throws -> [Described] {
        var options: [Described] = []
        for line in try help(of: command).split(separator: "\n") {
            if let match = line.wholeMatch(of: #/  (-[a-zA-Z-]+(?:, -[a-zA-Z-]+)*)(?: <[^>]+>)? *(.*)/#) {
                options.append(Described(names: match.1.split(separator: ", ").map(String.init), help: String(match.2)))
            } else if line.hasPrefix("      "), !options.isEmpty, options[options.count - 1].help.isEmpty {
                options[options.count - 1].help = line.trimmingPrefix(while: { $0 == " " }).description
            }
        }
        return options.filter { !$0.names.contains("--help") && !$0.names.contains("--version") }
    }

    // MARK: What the page says

    /// The words of the examples that call one of the commands; `build` need not be named.
    private static func words(of commands: [String], in examples: [String]) -> [String] {
        let aliases = ["load": "import", "save": "copy"]
        return examples.flatMap { example -> [String] in
            let words = example.split { " '\"()|".contains($0) }.map(String.init)
            guard let program = words.firstIndex(of: "layerbuild") else { return [] }
            let arguments = words[(program + 1)...]
            let name = arguments.first.map { aliases[$0] ?? $0 } ?? ""
            return commands.contains(Self.commands.contains(name) ? name : "build") ? Array(arguments) : []
        }
    }

    /// Short flags may stand together.
    private static func isUsed(_ name: String, in words: [String]) -> Bool {
        words.contains { word in
            if name.hasPrefix("--") { return word == name || word.hasPrefix("\(name)=") }
            return word.hasPrefix("-") && !word.hasPrefix("--") && word.contains(name.dropFirst())
        }
    }

    /// What stands in code and calls the program.
    private static func examples(in text: String) -> [String] {
        var examples: [String] = []
        for (index, part) in text.split(separator: "```", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                examples += part.split(separator: "\n").map(String.init)
            } else {
                examples += part.matches(of: #/`([^`\n]+)`/#).map { String($0.1) }
            }
        }
        return examples.filter { $0.contains("layerbuild ") }
    }

    private static func page() throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let path = root.appending("Sources/layerbuild/Documentation.docc/CommandLine.md")
        return String(decoding: try File(opening: path).readAll(limit: 1 << 24), as: UTF8.self)
    }
}
