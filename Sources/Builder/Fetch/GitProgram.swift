import Frontend
import Linux
import SystemPackage

/// Runs git, a program of the host, without anything that is configured on the host.
///
/// A repository is somebody else's: what it names as submodules may lie only where a repository may be fetched from,
/// never on this machine; hooks, helpers and questions are off.
struct GitProgram: Sendable {
    /// How git ended.
    struct Outcome: Sendable {
        let isSuccess: Bool
        let output: String
        /// What it said meanwhile, without empty lines.
        let complaints: [String]
    }

    /// More than any list of references has.
    private static let outputLimit = 64 << 20

    /// `PATH`, proxies and certificates.
    let environment: [String]
    /// The header that opens a repository of the web; `nil` if there is none.
    let authorization: Authorization?
    /// The socket of the ssh agent.
    let agent: FilePath?
    let interruption: Interruption
    /// In seconds; `nil` is for ever.
    let timeout: Int?

    /// A value of the header `Authorization`, and where it may be sent.
    struct Authorization: Sendable {
        /// Scheme, host and port.
        let place: String
        let value: String
    }

    func run(_ arguments: [String], in folder: FilePath? = nil) throws(BuildError) -> Outcome {
        var pump = LogPump(interruption: interruption, timeout: timeout)
        var (output, complaints) = ([UInt8](), OutputTail())
        let ending: LogPump.Ending
        let status: ExitStatus
        do throws(SyscallError) {
            var outputPipe = try Pipe()
            var errorPipe = try Pipe()
            let streams = Streams(
                input: try Streams.null(), output: try outputPipe.takeWritingEnd(),
                error: try errorPipe.takeWritingEnd())
            let plan = SpawnPlan(arguments: ["git"] + arguments, environment: variables, directory: folder)
            let process = try ChildProcess(plan, streams)
            ending = try pump.run(process, outputPipe.reading, errorPipe.reading) { piece, stream in
                switch stream {
                case .standardOutput: if output.count < Self.outputLimit { output += piece }
                case .standardError: complaints.append(piece)
                }
            }
            status = try process.wait()
        } catch  where error.call == "execve" {
            throw BuildError(
                .machine, "no-git", "git repositories are fetched with `git`, which cannot be started: \(error.errno)",
                hint: "install git, or fetch the repository before the build")
        } catch {
            throw BuildError(error, doing: "running git")
        }
        switch ending {
        case .interrupted: throw .interrupted
        case .timedOut:
            throw BuildError(
                .network, "git", "git took longer than \(timeout ?? 0) seconds and was ended",
                hint: "give it more time with --timeout")
        case .ended:
            return Outcome(
                isSuccess: status.isSuccess, output: String(decoding: output, as: UTF8.self),
                complaints: complaints.lines)
        }
    }

    private var variables: [String] {
        var variables = [
            "LC_ALL=C", "HOME=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TEMPLATE_DIR=",
            "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_ALLOW_PROTOCOL=git:http:https:ssh",
            "GIT_SSH_COMMAND=ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o ForwardAgent=no",
        ]
        if let agent { variables.append("SSH_AUTH_SOCK=\(agent)") }
        var settings = Self.settings
        if let authorization {
            settings.append(
                ("http.\(authorization.place)/.extraHeader", "Authorization: \(authorization.value)"))
        }
        // Not as arguments, which everybody on the machine can read.
        variables.append("GIT_CONFIG_COUNT=\(settings.count)")
        for (index, setting) in settings.enumerated() {
            variables += ["GIT_CONFIG_KEY_\(index)=\(setting.name)", "GIT_CONFIG_VALUE_\(index)=\(setting.value)"]
        }
        return environment + variables
    }

    private typealias Setting = (name: String, value: String)

    private static let settings: [Setting] = [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("core.attributesFile", "/dev/null"),
        ("core.excludesFile", "/dev/null"), ("core.autocrlf", "false"), ("core.symlinks", "true"),
        ("credential.helper", ""), ("gc.auto", "0"), ("maintenance.auto", "false"), ("init.defaultBranch", "master"),
        ("submodule.recurse", "false"), ("fetch.recurseSubmodules", "false"), ("http.lowSpeedLimit", "1"),
        ("http.lowSpeedTime", "60"), ("protocol.file.allow", "never"), ("protocol.ext.allow", "never"),
    ]
}
