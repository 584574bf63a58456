import Glibc
import SystemPackage
import Testing

@Suite("The documentation")
struct DocumentationTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()
    private static let catalogue = root.appending("Sources/layerbuild/Documentation.docc")

    @Test("Every diagnostic code has a page or a heading of its name")
    func everyCodeIsExplained() throws {
        let codes = try Self.codesInSources()
        let explained = try Self.codesInCatalogue()
        #expect(codes.count > 50, "the search finds no codes any more")
        #expect(codes.subtracting(explained).sorted() == [])
    }

    @Test("Every link between pages leads somewhere")
    func linksLeadSomewhere() throws {
        let pages = Set(try Self.files(in: Self.catalogue, ending: ".md").compactMap(\.stem))
        for page in try Self.files(in: Self.catalogue, ending: ".md") {
            for link in try Self.text(of: page).matches(of: #/<doc:([A-Za-z-]+)(?:#[^>]*)?>/#) {
                #expect(pages.contains(String(link.1)), "\(page.lastComponent?.string ?? "") links to \(link.1)")
            }
        }
    }

    /// What stands where a diagnostic's code does: behind its severity or kind, or first in the refusal of an image.
    private static func codesInSources() throws -> Set<String> {
        let diagnostic = #/\b(?:Diagnostic|BuildError|Failure|init)\(\s*[^",]+,\s*"([a-z][a-z-]*)"\s*,/#
        let refusal = #/\b(?:rejected|refusal)\(\s*"([a-z][a-z-]*)"\s*,/#
        var codes: Set<String> = []
        for file in try files(in: root.appending("Sources"), ending: ".swift") {
            let text = try text(of: file)
            for match in text.matches(of: diagnostic) { codes.insert(String(match.1)) }
            for match in text.matches(of: refusal) { codes.insert(String(match.1)) }
        }
        return codes
    }

    private static func codesInCatalogue() throws -> Set<String> {
        var codes: Set<String> = []
        for page in try files(in: catalogue.appending("Diagnostics"), ending: ".md") {
            if let name = page.stem { codes.insert(name) }
            for heading in try text(of: page).matches(of: #/^#+ ([a-z][a-z-]*)$/#.anchorsMatchLineEndings()) {
                codes.insert(String(heading.1))
            }
        }
        return codes
    }

    private static func files(in folder: FilePath, ending: String) throws -> [FilePath] {
        let stream = try #require(opendir(folder.string), "there is no folder \(folder)")
        defer { closedir(stream) }
        var found: [FilePath] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let path = folder.appending(name)
            if entry.pointee.d_type == UInt8(DT_DIR) { found += try files(in: path, ending: ending) }
            if name.hasSuffix(ending) { found.append(path) }
        }
        return found
    }

    private static func text(of path: FilePath) throws -> String {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension FilePath {
    fileprivate var stem: String? { lastComponent?.stem }
}
