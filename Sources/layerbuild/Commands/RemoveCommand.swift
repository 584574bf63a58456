import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild rm`: the store forgets names.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forgets names of images.",
        discussion: """
            What no other name needs stays until `layerbuild prune` makes room. Example: layerbuild rm shop/web:1.1
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the names"))
    var names: [String]

    func run() throws {
        let store = try store.openAsFound(in: try Surroundings.current())
        let typed = try names.map { text throws(Failure) in (text, try Reference(typed: text)) }
        // All or none: a name that is spelt wrong must not leave half of the command done.
        for (text, name) in typed where try store.names.resolve(name) == nil {
            throw try ImageView.unknown(text, in: store)
        }
        for (_, name) in typed where try store.names.remove(name) {
            try Console.output.tell("\(name.familiar)\n")
        }
    }
}
