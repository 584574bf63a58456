import Builder
import Frontend
import OCI
import SystemPackage

extension BuildOptions {
    func addCredentials(to request: inout BuildRequest, in surroundings: Surroundings) throws(Failure) {
        for text in secret {
            let option = try SecretOption(text, in: surroundings)
            guard request.secrets.updateValue(option.source, forKey: option.id) == nil else {
                throw .usage("two secrets are called `\(option.id)`")
            }
        }
        // A repository that is opened with the caller's key is worth no flag of its own.
        if ssh.isEmpty, request.goesThroughSecureShell, let socket = surroundings.setVariable("SSH_AUTH_SOCK") {
            request.sshAgents["default"] = FilePath(socket)
        }
        for text in ssh {
            let option = try AgentOption(text, in: surroundings)
            guard request.sshAgents.updateValue(option.socket, forKey: option.id) == nil else {
                throw .usage("two ssh agents are called `\(option.id)`")
            }
        }
    }
}

extension BuildRequest {
    /// True if a context comes from a repository that is reached through ssh.
    fileprivate var goesThroughSecureShell: Bool {
        var addresses = remoteContexts.sorted.map(\.value)
        if case .remote(let address) = context { addresses.append(address) }
        return addresses.contains { address in
            if case .git(let address) = address { address.usesSecureShell } else { false }
        }
    }
}
