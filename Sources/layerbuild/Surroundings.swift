import Glibc
import Linux
import SystemPackage

/// What a command finds around it, looked at once: whoever wants something else than this machine says so here.
struct Surroundings: Sendable {
    /// The value of a variable of the environment.
    var variable: @Sendable (String) -> String?
    var currentDirectory: FilePath
    /// Seconds since 1970.
    var now: Int64
    var processors: Int
    var isSuperuser: Bool
    /// Standard output leads to a terminal.
    var showsOutput: Bool
    /// Every variable, as `NAME=value`: for the programs that keep credentials.
    var environment: [String] = []

    static func current() throws(Failure) -> Surroundings {
        guard let path = getcwd(nil, 0) else {
            throw Failure(
                .unsuitableMachine, "system", "the current directory is gone", hint: "go to another with `cd`")
        }
        defer { free(path) }
        return Surroundings(
            variable: variable,
            currentDirectory: FilePath(platformString: path), now: Int64(time(nil)),
            processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), isSuperuser: geteuid() == 0,
            showsOutput: Terminal(STDOUT_FILENO) != nil, environment: everyVariable)
    }

    private static var everyVariable: [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            variables.append(String(cString: variable))
            next += 1
        }
        return variables
    }

    /// A variable of the environment.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The variable, unless it is empty.
    func setVariable(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// What programs that fetch need to know of this machine.
    var programEnvironment: [String] {
        let proxies = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]
        let names =
            ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"] + proxies + proxies.map { $0.uppercased() }
        return names.compactMap { name in setVariable(name).map { "\(name)=\($0)" } }
    }

    /// A path as typed, made absolute. Its `..` stay: what they mean depends on links.
    func absolute(_ text: String) -> FilePath {
        var path = currentDirectory.pushing(FilePath(text))
        path.components.removeAll { $0.kind == .currentDirectory }
        return path
    }
}
