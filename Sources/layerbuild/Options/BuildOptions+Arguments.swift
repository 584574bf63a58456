import Linux
import OCI
import SystemPackage

extension BuildOptions {
    /// The value of each argument; none where neither the flag nor the environment has one. Of several the last holds.
    func buildArguments(in surroundings: Surroundings) throws(Failure) -> ExactMap<String> {
        var values: ExactMap<String> = [:]
        for path in buildArgFile {
            for line in try lines(of: surroundings.absolute(path), typed: path) {
                let (name, value) = try Self.pair(line, of: "--build-arg-file \(path):")
                values[name] = value ?? surroundings.variable(name)
            }
        }
        for text in buildArg {
            let (name, value) = try Self.pair(text, of: "--build-arg")
            values[name] = value ?? surroundings.variable(name)
        }
        return values
    }

    /// The lines that are neither empty nor comments; they end with `\n` or `\r\n`. Blanks before the name do not count,
    /// a value is kept as it is.
    private func lines(of path: FilePath, typed: String) throws(Failure) -> [String] {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try File(opening: path).readAll(limit: 1 << 20)
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
