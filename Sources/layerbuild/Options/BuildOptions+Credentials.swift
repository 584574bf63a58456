import Builder
import SystemPackage

extension BuildOptions {
    func addCredentials(to request: inout BuildRequest, in surroundings: Surroundings) throws(Failure) {
        for text in secret {
            let option = try SecretOption(text, in: surroundings)
            guard request.secrets.updateValue(option.source, forKey: option.id) == nil else {
                throw .usage("two secrets are called `\(option.id)`")
            }
        }
        for text in ssh {
            let option = try AgentOption(text, in: surroundings)
            guard request.sshAgents.updateValue(option.socket, forKey: option.id) == nil else {
                throw .usage("two ssh agents are called `\(option.id)`")
            }
        }
    }
}
