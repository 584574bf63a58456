import SystemPackage

/// One `--ssh` as typed: `default` or another name, whose agent `SSH_AUTH_SOCK` names; or `NAME=SOCKET`.
struct AgentOption {
    let id: String
    let socket: FilePath

    init(_ text: String, in surroundings: Surroundings) throws(Failure) {
        let (id, path) = try BuildOptions.pair(text, of: "--ssh")
        guard let path = path ?? surroundings.setVariable("SSH_AUTH_SOCK"), !path.isEmpty else {
            throw .usage(
                "`--ssh \(text)` names no socket and SSH_AUTH_SOCK is not set",
                hint: "start an agent with `ssh-agent`, or write `--ssh \(id)=socket`")
        }
        self.id = id
        socket = surroundings.absolute(path)
        guard let kind = PathKind(socket) else { throw .usage("the ssh agent `\(id)` is not at `\(socket)`") }
        guard kind == .special else {
            throw .usage(
                "`\(socket)` is no socket of an ssh agent",
                hint: "key files are not read; add the key to an agent with `ssh-add`")
        }
    }
}
