import ArgumentParser
import Builder
import Linux
import OCI
import SystemPackage

/// `layerbuild cat`: the contents of a file of an image.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Writes a file of an image to standard output, without unpacking it.",
        discussion: "Links are followed within the image. Example: layerbuild cat shop/web:1.2 /etc/os-release")

    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the image or layer: a name, a digest, a path, or a transport and a path"))
    var image: String

    @Argument(help: ArgumentHelp("the file in it"))
    var path: String

    func run() throws {
        let view = try images.open(in: try Surroundings.current())
        let image = try view.image(image)
        let tree = try view.inspector.tree(of: image, .names)
        let place = try tree.place(path, in: self.image)
        guard let file = tree[place], file.kind == .file else {
            throw Failure(
                .rejectedInput, "no-file", "`\(path)` is no file",
                hint: "`layerbuild ls \(self.image) \(path)` shows what it is")
        }
        var failure: SyscallError?
        try view.inspector.read(file, of: image) { bytes in
            do throws(SyscallError) {
                try File.write(bytes, to: Console.output.descriptor)
                return true
            } catch {
                failure = error
                return false
            }
        }
        // A reader who went away did not want the rest.
        if let failure, failure.errno != .brokenPipe { throw Failure(failure, doing: "writing to standard output") }
    }
}
