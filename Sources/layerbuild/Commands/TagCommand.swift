import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild tag`: one more name for an image.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Gives an image further names.",
        discussion: "Example: layerbuild tag shop/web:1.2 shop/web:latest")

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the image: a name or a digest"))
    var image: String

    @Argument(help: ArgumentHelp("the names; whatever they stood for before"))
    var names: [String]

    func run() throws {
        let names = try names.map { text throws(Failure) in try Reference(typed: text) }
        let store = try store.open(in: try Surroundings.current())
        guard let descriptor = try Self.descriptor(image, in: store) else {
            throw try ImageView.unknown(image, in: store)
        }
        let blobs = try store.blobs(heldBy: descriptor)
        for name in names { try store.names.set(name, to: descriptor, holding: blobs) }
        try Console.output.tell("\(descriptor.digest)\n")
    }

    /// What the name stands for, all platforms of it; `nil` if nothing does.
    private static func descriptor(_ text: String, in store: Store) throws -> Descriptor? {
        let digest = Digest(text) ?? Reference(text)?.digest
        if let name = Reference(text), let found = try store.names.resolve(name) { return found }
        return try digest.flatMap { digest in
            try store.names.list().first { $0.descriptor.digest == digest }?.descriptor
        }
    }
}
