import Builder
import Linux

extension RunCommand {
    /// What is asked for, but for the command.
    func request(in surroundings: Surroundings) throws(Failure) -> ContainerRequest {
        var request = ContainerRequest()
        request.environment = env.compactMap { Self.variable($0, in: surroundings) }
        for text in volume { request.volumes.append(try VolumeOption.volume(text, in: surroundings)) }
        request.workingDirectory = try workdir.map { text throws(Failure) in
            guard text.utf8.first == UInt8(ascii: "/") else { throw .usage("`--workdir` has to begin with `/`") }
            return text
        }
        request.user = user
        request.entrypoint = entrypoint.map { $0.isEmpty ? [] : [$0] }
        request.network = try Self.network(network)
        if let hostname { request.hostName = try Self.hostName(hostname) }
        if readOnly { request.root = .readOnly }
        if tty { request.output = .terminal }
        if interactive { request.input = .passed }
        if tty, interactive, Terminal(0) == nil {
            throw .usage("standard input is no terminal", hint: "leave `-t` out to pass it on as it is")
        }
        return request
    }

    /// Without a value it is this machine's; a variable that is not set is left out.
    private static func variable(_ text: String, in surroundings: Surroundings) -> String? {
        text.utf8.contains(UInt8(ascii: "=")) ? text : surroundings.variable(text).map { "\(text)=\($0)" }
    }

    private static func network(_ text: String?) throws(Failure) -> Isolation.Network {
        switch text {
        case nil, "host": return .host
        case "none": return .loopback
        case let other?: throw .usage("there is no network `\(other)`", hint: "there are `host` and `none`")
        }
    }

    private static func hostName(_ text: String) throws(Failure) -> String {
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == 45 || byte == 46
        }
        guard allowed, (1...63).contains(text.utf8.count) else { throw .usage("`\(text)` is no name of a machine") }
        return text
    }
}
