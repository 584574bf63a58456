package import SystemPackage

/// Where credentials are kept, as the environment says: docker's file and those of podman and its kin.
package struct CredentialPlaces: Hashable, Sendable {
    /// In the order in which they are asked. The first is the one that `login` writes to.
    package let files: [FilePath]
    /// `NAME=value`: what programs that keep credentials are started with.
    package let environment: [String]

    package init(environment: [String]) {
        self.environment = environment
        func value(_ name: String) -> String? {
            environment.first { $0.hasPrefix("\(name)=") }.map {
                String($0.dropFirst(name.utf8.count + 1))
            }
            .flatMap { $0.isEmpty ? nil : $0 }
        }
        if let only = value("REGISTRY_AUTH_FILE") {
            files = [FilePath(only)]
            return
        }
        let home = value("HOME").map { FilePath($0) }
        var files: [FilePath] = []
        if let folder = value("DOCKER_CONFIG").map({ FilePath($0) }) ?? home?.appending(".docker") {
            files.append(folder.appending("config.json"))
        }
        if let folder = value("XDG_RUNTIME_DIR") {
            files.append(FilePath(folder).appending("containers/auth.json"))
        }
        if let folder = value("XDG_CONFIG_HOME").map({ FilePath($0) }) ?? home?.appending(".config") {
            files.append(folder.appending("containers/auth.json"))
        }
        self.files = files
    }
}
