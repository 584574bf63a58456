import Frontend
import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage

/// The secrets and agents that a build was given.
///
/// A value is read once, kept in memory, and named in no error.
final class Credentials: Sendable {
    /// The largest value, in bytes.
    static let limit = 500 << 10

    private let sources: ExactMap<SecretSource>
    private let agents: ExactMap<FilePath>
    private let values: Mutex<ExactMap<[UInt8]>> = Mutex([:])

    init(_ request: BuildRequest) {
        sources = request.secrets.mapValues { source in
            if case .file(let path) = source { .file(request.currentDirectory.pushing(path)) } else { source }
        }
        agents = request.sshAgents.mapValues { request.currentDirectory.pushing($0) }
    }

    /// The value of an id; `nil` if the build was given none, or a variable that is not set.
    func secret(_ id: String) throws(BuildError) -> [UInt8]? {
        guard let source = sources[id] else { return nil }
        let value = values.withLock { values -> Result<[UInt8]?, BuildError> in
            if let value = values[id] { return .success(value) }
            do throws(BuildError) {
                let value = try Self.read(source, id)
                values[id] = value
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try value.get()
    }

    /// The values that can be read. The step that needs one of the others says what is wrong with it.
    var readable: [[UInt8]] { sources.names.compactMap { (try? secret($0)) ?? nil } }

    /// The socket of an id's agent; `nil` if the build was given none.
    func agent(_ id: String) -> FilePath? { agents[id] }

    private static func read(_ source: SecretSource, _ id: String) throws(BuildError) -> [UInt8]? {
        let value: [UInt8]
        switch source {
        case .environment(let name):
            guard let pointer = getenv(name) else { return nil }
            value = Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
        case .file(let path):
            do throws(SyscallError) {
                value = try File(opening: path).readAll(limit: limit)
            } catch  where error.errno == .fileTooLarge {
                throw tooLarge(id)
            } catch {
                throw BuildError(error, doing: "reading the secret `\(id)`", kind: .input)
            }
        }
        guard value.count <= limit else { throw tooLarge(id) }
        return value
    }

    private static func tooLarge(_ id: String) -> BuildError {
        BuildError(
            .input, "secret-size", "the secret `\(id)` has more than \(limit >> 10) KiB",
            hint: "a secret is a key or a password; give larger files with `--build-context`")
    }
}
