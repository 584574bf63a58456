import Glibc
import Linux
import SystemPackage

/// Where inputs that have to be files are put: `--scratch=FOLDER`, which should lie in memory.
enum Scratch {
    static let folder: FilePath = {
        let prefix = "--scratch="
        let argument = CommandLine.arguments.first { $0.hasPrefix(prefix) }
        return FilePath(argument.map { String($0.dropFirst(prefix.count)) } ?? "/dev/shm")
    }()

    /// A nameless file with these bytes, to be read from its beginning.
    static func file(of bytes: [UInt8]) -> File {
        do throws(SyscallError) {
            let file = try File.anonymous(in: folder)
            try file.write(bytes)
            try file.seek(to: 0)
            return file
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
