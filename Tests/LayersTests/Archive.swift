import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

/// An archive on its way into a folder, beside a folder that it must not touch.
struct Archive {
    let scratch: Scratch
    let inside: FilePath
    let file: FilePath

    init(_ bytes: [UInt8]) throws {
        scratch = try Scratch()
        inside = try scratch.folder("inside")
        file = scratch.path.appending("archive")
        let outside = try scratch.folder("outside")
        let canary = try Folder(opening: outside).createFile("canary", mode: 0o600)
        try canary.write(Array("alive".utf8))
        try File(opening: file, O_WRONLY | O_CREAT | O_EXCL).write(bytes)
    }

    init(_ body: (inout TarBytes) -> Void) throws { try self.init(TarBytes.archive(body)) }

    func open() throws -> File { try File(opening: file) }

    func entries(limits: ArchiveLimits = ArchiveLimits()) throws -> [TarEntry] {
        let reader = try TarReader(try open(), limits: limits)
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        _ = try reader.finish()
        return entries
    }

    @discardableResult
    func extract(limits: ArchiveLimits = ArchiveLimits()) throws -> UnpackedArchive {
        try ArchiveExtraction(limits: limits).extract(try open(), into: inside)
    }

    /// Unpacks as a layer over others.
    @discardableResult
    func unpack(over lower: [FilePath]) throws -> UnpackedArchive {
        let below: LayerUnpacker.Below =
            lower.isEmpty ? .nothing : .layers { () throws(LayerError) in try MergedTree(layers: lower) }
        return try LayerUnpacker(over: below).unpack(try open(), into: inside)
    }

    /// Names, kinds, modes, owners, sizes, targets and times of everything in a folder, sorted.
    static func listing(_ folder: FilePath) throws -> String {
        try shell(
            #"find . -mindepth 1 -printf '%P %y %m %U:%G %n %l %T@ ' -type f -printf '%s' -o -mindepth 1 -printf '' ; echo"#,
            in: folder)
    }

    /// One line for each name: its kind, its mode and where a link leads.
    func tree() throws -> [String] {
        try shell(#"find . -mindepth 1 -printf '%P %y %m %l\n' | LC_ALL=C sort"#, in: inside)
            .split(separator: "\n").map { $0.trimmingSuffix(while: { $0 == " " }) }.map(String.init)
    }

    func read(_ name: String) throws -> String { try shell("cat '\(name)'", in: inside) }

    /// True if nothing outside changed.
    var isContained: Bool {
        get throws {
            try shell("cat canary; stat -c ' %a %h' canary; ls -A", in: scratch.path.appending("outside"))
                == "alive 600 1\ncanary\n"
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}

/// The error of a body that must throw one.
func layerError(_ body: () throws -> Void) -> LayerError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LayerError
    }
}
