import Glibc
import SystemPackage
import Testing

/// The source tree that these tests were built from.
enum Repository {
    static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    struct Failure: Error {
        let message: String
    }

    /// The files that git knows, or would take, below `folder`.
    static func files(below folder: String = ".") throws -> [String] {
        let command = """
            git -c safe.directory='*' -C '\(root)' ls-files -z --cached --others --exclude-standard -- '\(folder)'
            """
        let names = try output(of: command).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // One that was removed and not yet committed is listed too.
        return names.filter { access("\(root)/\($0)", F_OK) == 0 }
    }

    /// Those in Swift.
    static func swiftFiles(below folder: String) throws -> [String] {
        try files(below: folder).filter { $0.hasSuffix(".swift") }
    }

    static func lines(of file: String) throws -> [Substring] {
        guard let stream = fopen("\(root)/\(file)", "r") else { throw Failure(message: "`\(file)` cannot be opened") }
        defer { fclose(stream) }
        return String(decoding: read(stream), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The modules that a file imports.
    static func imports(of file: String) throws -> Set<String> {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let modules = try lines(of: file).compactMap { line -> String? in
            let words = line.split(separator: " ")
            // Before the word there may be an attribute and an access level, and no string's or comment's beginning.
            guard let verb = words.firstIndex(of: "import"), verb <= 2 else { return nil }
            guard words[..<verb].joined().allSatisfy({ $0.isLetter || "@_()".contains($0) }) else { return nil }
            let name = words[(verb + 1)...].first { !kinds.contains($0) }
            return name?.split(separator: ".").first.map(String.init)
        }
        return Set(modules)
    }

    private static func output(of command: String) throws -> [UInt8] {
        guard let stream = popen(command, "r") else { throw Failure(message: "there is no shell") }
        let bytes = read(stream)
        guard pclose(stream) == 0 else { throw Failure(message: "`\(command)` did not work") }
        return bytes
    }

    private static func read(_ stream: UnsafeMutablePointer<FILE>) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
