import ArgumentParser
import Builder
import OCI

/// `layerbuild ls`: the files of an image.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "Lists the files of an image, without unpacking it.",
        discussion: "Example: layerbuild ls shop/web:1.2 /srv")

    @Flag(name: .shortAndLong, help: "list what lies in the folders within, too")
    var recursive = false

    @OptionGroup var form: JSONOption
    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the image or layer: a name, a digest, a path, or a transport and a path"))
    var image: String

    @Argument(help: ArgumentHelp("a folder or file in it"))
    var path = "/"

    func run() throws {
        let view = try images.open(in: try Surroundings.current())
        let tree = try view.inspector.tree(of: try view.image(image), .names)
        let place = try tree.place(path, in: image)
        let files = try files(of: tree, at: place)
        let rows = files.map { file in
            let text = EntryText(file)
            return [
                text.mode, "\(file.owner)", "\(file.group)", "\(file.size)", Timestamp.text(seconds: file.modified),
                text.name,
            ]
        }
        try form.tell(
            Table(header: ["mode", "owner", "group", "size", "modified", "path"], rows: rows).text,
            or: .array(files.map { .object(EntryText($0).json) }))
    }

    private func files(of tree: InspectedTree, at place: TreePath) throws(Failure) -> [InspectedFile] {
        if let file = tree[place], file.kind != .folder { return [file] }
        return tree.entries(below: place, recursive ? .everything : .children)
    }
}

extension InspectedTree {
    /// Where a path as typed leads.
    func place(_ text: String, in image: String) throws(Failure) -> TreePath {
        guard let place = resolve(TreePath(normalising: text)) else {
            throw Failure(
                .rejectedInput, "no-file", "there is no `\(text)` in `\(image)`",
                hint: "`layerbuild ls -r \(image)` lists what there is")
        }
        return place
    }
}
