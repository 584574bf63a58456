import ArgumentParser
import Builder
import OCI

/// `layerbuild push`: an image of the store goes to its registry.
struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Pushes an image of the store to a registry.",
        discussion: """
            What the registry has already is not sent. Example: layerbuild push shop/web:1.2 registry.example/shop/web:1.2
            """)

    @OptionGroup var registries: RegistryOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the image: a name of the store", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("the name to push it under, if it is another", valueName: "target"))
    var target: String?

    func run() throws {
        let surroundings = try Surroundings.current()
        guard let source = Reference(name) else { throw Failure.usage("`\(name)` is no name of an image") }
        let target = try target.map { text throws(Failure) in try Reference(typed: text) } ?? source
        let progress = try Progress(try progress.form(), log: progress.logFile.map(surroundings.absolute))
        do {
            let store = try store.open(in: surroundings)
            guard let image = try StoredImages(store: store).image(source, .host) else {
                throw Failure(
                    .rejectedInput, "unknown-name", "the store has no image `\(source.familiar)`",
                    hint: "`layerbuild images` lists what it has")
            }
            let access = try registries.access(in: surroundings, progress: progress)
            _ = try RegistryExporter(store: store, access: access).push(image.root, as: target)
            progress.end()
            try Console.output.tell("\(image.root.digest)\n")
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }
}
