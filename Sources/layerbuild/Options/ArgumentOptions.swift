import ArgumentParser
import Linux
import OCI
import SystemPackage

/// The values of a recipe's arguments, as typed.
struct ArgumentOptions: ParsableArguments {
    /// The largest file of arguments.
    private static let limit = 1 << 20

    @Option(help: ArgumentHelp("a build argument; without a value the environment's", valueName: "name[=value]"))
    var buildArg: [String] = []

    @Option(
        help: ArgumentHelp("a file of build arguments, one a line; `--build-arg` wins", valueName: "path"),
        completion: .file())
    var buildArgFile: [String] = []

    /// The value of each argument; none where neither the flag nor the environment has one. Of several the last holds.
    func values(in surroundings: Surroundings) throws(Failure) -> ExactMap<String> {
        var values: ExactMap<String> = [:]
        for path in buildArgFile {
            for line in try lines(of: surroundings.absolute(path), typed: path) {
                let (name, value) = try BuildOptions.pair(line, of: "--build-arg-file \(path):")
                values[name] = value ?? surroundings.variable(name)
            }
        }
        for text in buildArg {
            let (name, value) = try BuildOptions.pair(text, of: "--build-arg")
            values[name] = value ?? surroundings.variable(name)
        }
        return values
    }

    /// The lines that are neither empty nor comments; they end with `\n` or `\r\n`. Blanks before the name do not count,
    /// a value is kept as it is.
    private func lines(of path: FilePath, typed: String) throws(Failure) -> [String] {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try File(opening: path).readAll(limit: Self.limit)
        } catch {
            throw Failure(error, doing: "reading the build arguments in `\(typed)`")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Failure(.rejectedInput, "argument-file", "`\(typed)` is no text in UTF-8")
        }
        return bytes.split(separator: UInt8(ascii: "\n"))
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
            .map { $0.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
            .filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }.map { String(decoding: $0, as: UTF8.self) }
    }
}
