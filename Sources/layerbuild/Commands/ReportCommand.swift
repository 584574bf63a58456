import ArgumentParser
import Builder
import Linux
import OCI
import SystemPackage

/// `layerbuild report`: a page about an image's layers.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes a page about what an image's layers hold, and what of it is wasted.",
        discussion: """
            The page is one HTML file that needs nothing else. Without `-o` it is written to NAME-report.html in the \
            current folder. Example: layerbuild report shop/web:1.2 -o web.html
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("the file to write; `-` is standard output", valueName: "path"))
    var output: String?

    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("the image: a name, a digest, a path, or a transport and a path"))
    var image: String

    func run() throws {
        let surroundings = try Surroundings.current()
        if let output, output.isEmpty { throw Failure.usage("`--output` is empty") }
        let view = try images.open(in: surroundings)
        let image = try view.image(image)
        let html = ReportPage(try view.inspector.report(of: image)).html
        guard output != "-" else { return try Console.output.tell(html) }
        let path = surroundings.absolute(output ?? "\(Self.name(of: image.name))-report.html")
        try Self.write(Array(html.utf8), to: path)
        Console.error.write(
            "wrote \(PrintableLine(Array(path.string.utf8)).text) (\(Int64(html.utf8.count).asSize))\n")
    }

    /// The last part of a name, without tag and digest, and of letters that no shell and no file system minds.
    static func name(of image: String) -> String {
        let last = image.split(separator: "/").last.map(String.init) ?? ""
        let bare = last.prefix { $0 != ":" && $0 != "@" }
        let plain = bare.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return plain.isEmpty || plain.hasPrefix(".") || plain.hasPrefix("-") ? "image" : plain
    }

    /// The file is there when it is complete, and not before.
    private static func write(_ bytes: [UInt8], to path: FilePath) throws(Failure) {
        do throws(SyscallError) {
            let output = try OutputFile(at: path)
            try output.file.write(bytes)
            _ = try output.commit(.disk)
        } catch {
            throw Failure(error, doing: "writing `\(path)`")
        }
    }
}
