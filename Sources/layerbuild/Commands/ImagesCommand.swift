import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild images`: what recipes can name.
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Lists the images in the store.", usage: "layerbuild images [<flags>]",
        discussion: "Example: layerbuild images --json")

    @Flag(name: .shortAndLong, help: "show only the names")
    var quiet = false

    @OptionGroup var form: JSONOption
    @OptionGroup var store: StoreOptions

    func run() throws {
        let store = try store.open(in: try Surroundings.current())
        let entries = try store.names.list()
        if quiet { return try Console.output.tell(entries.map { "\($0.name.familiar)\n" }.joined()) }
        let images = StoredImages(store: store)
        let rows = entries.map { Row($0, Self.image($0.name, in: images)) }
        try form.tell(
            Table(header: ["name", "digest", "size"], rows: rows.map(\.cells)).text, or: .array(rows.map(\.json)))
    }

    /// `nil` for an image that is damaged or for another machine: the list is of names, and goes on.
    private static func image(_ name: Reference, in images: StoredImages) -> ImportedImage? {
        try? images.image(name, .host)
    }
}

/// A name and what it stands for.
private struct Row {
    let name: Reference
    let descriptor: Descriptor
    /// What the layers take as they are kept; `nil` where that cannot be told.
    let size: Int64?
    let created: String?
    let platform: Platform?

    init(_ entry: ReferenceStore.Entry, _ image: ImportedImage?) {
        name = entry.name
        descriptor = entry.descriptor
        size = image?.base.layers.reduce(Int64(0)) { $0 &+ $1.descriptor.size }
        created = image?.base.config.created
        platform = image?.base.config.platform
    }

    var cells: [String] { [name.familiar, descriptor.digest.description, size?.asSize ?? "?"] }

    var json: JSONValue {
        var object = JSONObject([
            ("name", .string(name.description)), ("digest", .string(descriptor.digest.description)),
            ("mediaType", .string(descriptor.mediaType.rawValue)),
        ])
        object["size"] = size.map(JSONValue.integer) ?? JSONValue.null
        object["created"] = created.map(JSONValue.string) ?? JSONValue.null
        object["platform"] = platform.map { JSONValue.string($0.description) } ?? JSONValue.null
        return .object(object)
    }
}
