/// How a container of the image starts: the `config` member of an image's configuration.
package struct ContainerConfig: Hashable, Sendable {
    /// Root if `nil`; an empty one is read as `nil`.
    package var user: String?
    /// `80/tcp` …
    package var exposedPorts: Set<ExactText>
    /// `NAME=value`, in order, no name twice.
    package var environment: [String]
    /// `nil` is "not set"; an empty list says that there is none.
    package var entrypoint: [String]?
    package var command: [String]?
    package var volumes: Set<ExactText>
    /// `/` if `nil`; an empty one is read as `nil`.
    package var workingDirectory: String?
    package var labels: ExactMap<String>
    package var stopSignal: String?
    package var healthcheck: Healthcheck?
    /// Instructions for the builds that start from the image.
    package var onBuild: [String]
    package var shell: [String]?
    /// The members that no property above claims.
    package var unknown: JSONObject

    package init() {
        exposedPorts = []
        environment = []
        volumes = []
        labels = [:]
        onBuild = []
        unknown = JSONObject()
    }

    init(json object: JSONObject) throws(OCIError) {
        let document = "configuration"
        user = try object.optional("User", in: document, \.string).unlessEmpty
        exposedPorts = try object.optional("ExposedPorts", in: document) { $0.object?.nameSet } ?? []
        environment = try object.optional("Env", in: document, \.strings) ?? []
        entrypoint = try object.optional("Entrypoint", in: document, \.strings)
        command = try object.optional("Cmd", in: document, \.strings)
        volumes = try object.optional("Volumes", in: document) { $0.object?.nameSet } ?? []
        workingDirectory = try object.optional("WorkingDir", in: document, \.string).unlessEmpty
        labels = try object.optional("Labels", in: document) { $0.object?.stringMap } ?? [:]
        stopSignal = try object.optional("StopSignal", in: document, \.string)
        if let check = try object.optional("Healthcheck", in: document, \.object) {
            healthcheck = try Healthcheck(json: check)
        }
        onBuild = try object.optional("OnBuild", in: document, \.strings) ?? []
        shell = try object.optional("Shell", in: document, \.strings)
        unknown = object.removing([
            "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal",
            "Healthcheck", "OnBuild", "Shell",
            // Fields of the container that docker's classic builder ran, not of the image.
            "Hostname", "Domainname", "Image", "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin",
            "StdinOnce",
        ])
    }

    var json: JSONObject {
        var object = JSONObject()
        if let user, !user.isEmpty { object["User"] = .string(user) }
        if !exposedPorts.isEmpty { object["ExposedPorts"] = Self.set(exposedPorts) }
        if !environment.isEmpty { object["Env"] = .strings(environment) }
        if let entrypoint { object["Entrypoint"] = .strings(entrypoint) }
        if let command { object["Cmd"] = .strings(command) }
        if !volumes.isEmpty { object["Volumes"] = Self.set(volumes) }
        if let workingDirectory, !workingDirectory.isEmpty { object["WorkingDir"] = .string(workingDirectory) }
        if !labels.isEmpty { object["Labels"] = .map(labels) }
        if let stopSignal { object["StopSignal"] = .string(stopSignal) }
        if let healthcheck { object["Healthcheck"] = healthcheck.json }
        if !onBuild.isEmpty { object["OnBuild"] = .strings(onBuild) }
        if let shell { object["Shell"] = .strings(shell) }
        return object.merging(unknown)
    }

    /// A set as Go writes one: a map to empty objects.
    private static func set(_ names: Set<ExactText>) -> JSONValue {
        .object(JSONObject(names.sorted().map { ($0.text, .object(JSONObject())) }))
    }

    /// Sets a variable in its old place, or at the end.
    package mutating func setEnvironment(_ name: String, to value: String) {
        let index = environment.firstIndex { $0.utf8.prefix { $0 != UInt8(ascii: "=") }.elementsEqual(name.utf8) }
        if let index {
            environment[index] = "\(name)=\(value)"
        } else {
            environment.append("\(name)=\(value)")
        }
    }

    /// The value of a variable.
    package func environmentValue(of name: String) -> String? {
        let start = "\(name)=".utf8
        let text = environment.first { $0.utf8.starts(with: start) }
        return text.map { String(Substring($0.utf8.dropFirst(start.count))) }
    }
}

extension String? {
    fileprivate var unlessEmpty: String? { self == "" ? nil : self }
}
