import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild inspect`: what an image says of itself.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows an image's documents as JSON.",
        discussion: """
            The members are those of the image's configuration, and before them names, digests and layers. \
            Example: layerbuild inspect --format .config.Env[0] shop/web:1.2
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("show one value: a path of keys, such as .config.Env[0]", valueName: "path"))
    var format: String?

    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the image: a name, a digest, a path, or a transport and a path"))
    var image: String

    func run() throws {
        let path = try format.map { text throws(Failure) in try ValuePath(typed: text) }
        let view = try images.open(in: try Surroundings.current())
        let image = try view.image(image)
        let document = try InspectionDocument(image, in: view).json
        guard let path else { return try Console.output.tell(IndentedJSON(document).text) }
        let value = try path.value(in: document)
        try Console.output.tell(value.string.map { $0 + "\n" } ?? IndentedJSON(value).text)
    }
}

/// Everything that is known of an image, as one object.
private struct InspectionDocument {
    let json: JSONValue

    init(_ image: InspectedImage, in view: ImageView) throws {
        var object = JSONObject()
        if let root = image.root {
            let names = try view.store.names.list().filter { $0.descriptor.digest == root }
            object["names"] = .strings(names.map(\.name.description))
            object["digest"] = .string(root.description)
        }
        object["size"] = .integer(image.layers.reduce(0) { $0 + ($1.descriptor?.size ?? 0) })
        object["layers"] = .array(image.layers.map(Self.layer))
        if let digest = image.manifest {
            let bytes = try view.inspector.document(digest)
            let manifest = try JSONValue.parse(bytes)
            object["manifest"] = manifest
            // The raw document, so that what no type of ours claims is shown too.
            if let config = manifest.object?["config"]?.object?["digest"]?.string.flatMap({ Digest($0) }),
                let members = try JSONValue.parse(try view.inspector.document(config)).object
            {
                for member in members.members where object[member.name] == nil { object[member.name] = member.value }
            }
        }
        json = .object(object)
    }

    private static func layer(_ layer: InspectedImage.Layer) -> JSONValue {
        var object = JSONObject([("diffID", .string(layer.diffID.description))])
        object["digest"] = layer.descriptor.map { JSONValue.string($0.digest.description) } ?? JSONValue.null
        object["mediaType"] = layer.descriptor.map { JSONValue.string($0.mediaType.rawValue) } ?? JSONValue.null
        object["size"] = layer.descriptor.map { JSONValue.integer($0.size) } ?? JSONValue.null
        object["createdBy"] = layer.history?.createdBy.map(JSONValue.string) ?? JSONValue.null
        return .object(object)
    }
}
