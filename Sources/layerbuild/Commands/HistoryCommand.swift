import ArgumentParser
import Builder
import OCI

/// `layerbuild history`: which line of the recipe made which layer.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Shows what an image was made by, the newest line first.",
        discussion: "Example: layerbuild history shop/web:1.2")

    @Flag(help: "show digests and lines whole")
    var noTrunc = false

    @OptionGroup var form: JSONOption
    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the image: a name, a digest, a path, or a transport and a path"))
    var image: String

    func run() throws {
        let view = try images.open(in: try Surroundings.current())
        let rows = try view.image(image).lines.reversed().map { HistoryRow(history: $0.history, layer: $0.layer) }
        let width = noTrunc ? nil : 60
        try form.tell(
            Table(header: ["created", "size", "layer", "created by"], rows: rows.map { $0.cells(width) }).text,
            or: .array(rows.map(\.json)))
    }
}

/// A line of history with the layer that it made.
struct HistoryRow {
    let history: History
    let layer: InspectedImage.Layer?

    /// `width` is how much of the line is shown; all of it if `nil`.
    func cells(_ width: Int?) -> [String] {
        let line = PrintableLine(Array((history.createdBy ?? history.comment ?? "").utf8)).text
        let digest = layer.map(\.diffID.description) ?? "-"
        return [
            history.created ?? "-", layer?.descriptor.map(\.size.asSize) ?? (layer == nil ? "-" : "?"),
            width == nil ? digest : String(digest.prefix(19)),
            width.map { ScreenText.fit(line, $0) } ?? line,
        ]
    }

    var json: JSONValue {
        var object = JSONObject()
        object["created"] = history.created.map(JSONValue.string) ?? JSONValue.null
        object["created_by"] = history.createdBy.map(JSONValue.string) ?? JSONValue.null
        object["comment"] = history.comment.map(JSONValue.string) ?? JSONValue.null
        object["empty_layer"] = .bool(layer == nil)
        object["size"] = layer?.descriptor.map { JSONValue.integer($0.size) } ?? JSONValue.null
        object["digest"] = layer?.descriptor.map { JSONValue.string($0.digest.description) } ?? JSONValue.null
        object["diff_id"] = layer.map { JSONValue.string($0.diffID.description) } ?? JSONValue.null
        return .object(object)
    }
}
