import Glibc
import SystemPackage
import Testing

/// Folders of fixtures: what goes in beside what must come out.
///
/// With `UPDATE_GOLDEN` in the environment expectations are rewritten instead of compared; the diff is the review.
enum GoldenFolder {
    static let root = FilePath(#filePath).removingLastComponent().appending("Fixtures/syntax")

    /// The names of the folders in one, sorted.
    static func cases(in folder: String) -> [String] {
        guard let stream = opendir(root.appending(folder).string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(root.appending(path), .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            return bytes
        }
    }

    /// Compares `actual` with the file, or writes the file.
    static func expect(_ actual: String, in path: String) throws {
        if getenv("UPDATE_GOLDEN") != nil {
            let file = try FileDescriptor.open(
                root.appending(path), .writeOnly, options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try file.closeAfter { try file.writeAll(actual.utf8) }
            return
        }
        #expect(String(decoding: try bytes(path), as: UTF8.self) == actual, "\(path)")
    }
}
