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

    @Option(help: ArgumentHelp("the machine whose image alone is pushed", valueName: "os/architecture"))
    var platform: String?

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
        let platform = try platform.map { text throws(Failure) in try Platform(typed: text) }
        let progress = try Progress(try progress.form(), log: progress.logFile.map(surroundings.absolute))
        do {
            let store = try store.open(in: surroundings)
            let access = try registries.access(in: surroundings, progress: progress)
            let copier = ImageCopier(store: store, access: access, threads: surroundings.processors)
            guard let image = try copier.stored(source, for: platform) else {
                throw Failure(
                    .rejectedInput, "unknown-name", "the store has no image `\(source.familiar)`",
                    hint: "`layerbuild images` lists what it has")
            }
            let digest = try copier.copy(image, to: .registry(target))
            progress.end()
            try Console.output.tell("\(digest)\n")
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }
}
