import OCI

/// What a container runs: the image's configuration, with what was asked for over it, as docker combines them.
struct ContainerCommand: Hashable, Sendable {
    /// The program first.
    let arguments: [String]
    /// `NAME=value`, but for HOME, which the user's line in `/etc/passwd` says.
    let environment: [String]
    let directory: String
    let user: String

    init(_ request: ContainerRequest, over config: ContainerConfig) throws(BuildError) {
        let entrypoint = request.entrypoint ?? config.entrypoint ?? []
        // An entrypoint of one's own has nothing to do with the image's command.
        let usual = request.entrypoint == nil ? config.command ?? [] : []
        arguments = entrypoint + (request.arguments.isEmpty ? usual : request.arguments)
        guard arguments.first?.isEmpty == false else {
            throw BuildError(
                .input, "no-command", "the image says no command to run", hint: "name one behind the image")
        }
        environment = Self.environment(request, over: config)
        directory = request.workingDirectory ?? config.workingDirectory ?? "/"
        user = request.user ?? config.user ?? "0"
    }

    private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The image's variables keep their places; those of the request come last and win.
    private static func environment(_ request: ContainerRequest, over config: ContainerConfig) -> [String] {
        var merged: [String] = []
        var places: ExactMap<Int> = [:]
        var variables = [path, "HOSTNAME=\(request.hostName)"]
        if request.output == .terminal { variables.append("TERM=xterm") }
        for variable in variables + config.environment + request.environment {
            let (name, value) = variable.cut(at: "=")
            guard value != nil else { continue }
            if let place = places[name] {
                merged[place] = variable
            } else {
                places[name] = merged.count
                merged.append(variable)
            }
        }
        return merged
    }
}
