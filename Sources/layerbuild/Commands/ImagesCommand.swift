import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild images`: what recipes can name.
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "images", abstract: "Lists the images in the store.")

    @Flag(name: .shortAndLong, help: "show only the names")
    var quiet = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        let store = try store.open(in: try Surroundings.current())
        let entries = try store.names.list()
        if quiet { return try Console.output.tell(entries.map { "\($0.name.familiar)\n" }.joined()) }
        let images = StoredImages(store: store)
        let rows = entries.map { entry in
            [entry.name.familiar, entry.descriptor.digest.description, Self.size(of: entry.name, in: images)]
        }
        try Console.output.tell(Table(header: ["name", "digest", "size"], rows: rows).text)
    }

    /// What the layers take as they are kept; `?` for an image that is damaged or for another machine.
    private static func size(of name: Reference, in images: StoredImages) -> String {
        guard let image = try? images.image(name, .host) else { return "?" }
        return image.base.layers.reduce(Int64(0)) { $0 &+ $1.descriptor.size }.asSize
    }
}
