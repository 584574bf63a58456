import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild commit`: what a kept container has changed becomes an image.
struct CommitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Makes an image of a container that `run --name` kept.",
        discussion: "Example: layerbuild commit try -t made:1")

    @Option(name: .shortAndLong, help: ArgumentHelp("a name for the image; several may be given", valueName: "name"))
    var tag: [String] = []

    @Option(
        help: ArgumentHelp("how the layer is compressed: zstd, gzip or none", valueName: "format"),
        completion: .list(["zstd", "gzip", "none"]))
    var compression: String?

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the container's name"))
    var container: String

    func run() throws {
        let surroundings = try Surroundings.current()
        guard !tag.isEmpty else { throw Failure.usage("the image has no name", hint: "give it one with `-t name`") }
        let names = try tag.map { text throws(Failure) in try Reference(typed: text) }
        var choice = CompressionChoice()
        if let compression {
            guard let algorithm = CompressionChoice.Algorithm(rawValue: compression) else {
                throw Failure.usage("there is no compression `\(compression)`", hint: "there are zstd, gzip and none")
            }
            choice = CompressionChoice(algorithm: algorithm)
        }
        let epoch = try Self.epoch(in: surroundings)
        let image = try ContainerCommit(
            in: try store.open(in: surroundings), compression: choice, threads: surroundings.processors, epoch: epoch,
            now: surroundings.now
        ).commit(container, as: names)
        try Console.output.tell("\(image.manifest.digest)\n")
    }

    private static func epoch(in surroundings: Surroundings) throws(Failure) -> Int64? {
        guard let text = surroundings.setVariable("SOURCE_DATE_EPOCH") else { return nil }
        guard let epoch = Int64(text), epoch >= 0 else {
            throw .usage("SOURCE_DATE_EPOCH is `\(text)`, which is no number of seconds")
        }
        return epoch
    }
}
