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
        let store = try store.openAsFound(in: try Surroundings.current())
        let entries = try store.names.list()
        if quiet { return try Console.output.tell(entries.map { "\($0.name.familiar)\n" }.joined()) }
        let images = StoredImages(store: store)
        let rows = entries.map { entry in
            let platforms = (try? images.platforms(of: entry.descriptor)) ?? []
            return Row(entry, Self.image(entry.name, for: platforms, in: images), platforms)
        }
        try form.tell(
            Table(header: ["name", "digest", "size"], rows: rows.map(\.cells)).text, or: .array(rows.map(\.json)))
    }

    /// The image for this machine, or else the first; `nil` for one that is damaged: the list is of names, and goes on.
    private static func image(
        _ name: Reference, for platforms: [Platform], in images: StoredImages
    ) -> ImportedImage? {
        let fitting = platforms.contains(where: Platform.host.accepts) ? nil : platforms.first
        return try? images.image(name, fitting ?? .host)
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
    /// All of them, if the name stands for an index.
    let platforms: [Platform]

    init(_ entry: ReferenceStore.Entry, _ image: ImportedImage?, _ platforms: [Platform]) {
        name = entry.name
        descriptor = entry.descriptor
        size = image?.base.layers.reduce(Int64(0)) { $0 &+ $1.descriptor.size }
        created = image?.base.config.created
        platform = image?.base.config.platform
        self.platforms = platforms
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
        if !platforms.isEmpty { object["platforms"] = .strings(platforms.map(\.description)) }
        return .object(object)
    }
}
