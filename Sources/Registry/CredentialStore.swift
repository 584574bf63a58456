import Linux
import SystemPackage

/// All the places where credentials may be kept, and the programs that keep some.
package struct CredentialStore: Sendable {
    private let places: CredentialPlaces

    package init(_ places: CredentialPlaces) { self.places = places }

    /// Who we are at a registry; `nil` if nobody says.
    func credentials(_ host: String, _ repository: String) throws(RegistryError) -> Credentials? {
        for path in places.files {
            guard let file = try CredentialFile(at: path) else { continue }
            if let name = file.helper(host) {
                let helper = try CredentialHelper(name, environment: places.environment)
                if let found = try helper.credentials(for: host) { return found }
            }
            if let found = file.credentials(host, repository) { return found }
        }
        return nil
    }

    /// Keeps a password. Returns where: a path, or a program.
    package func keep(_ host: String, user: String, password: String) throws(RegistryError) -> String {
        guard let path = places.files.first else {
            throw .credentials(
                "there is no place for credentials: neither HOME nor REGISTRY_AUTH_FILE is set")
        }
        if let name = try CredentialFile(at: path)?.helper(host) {
            try CredentialHelper(name, environment: places.environment).store(
                host, user: user, password: password)
            return "docker-credential-\(name)"
        }
        try change(path) { $0.set(host, user: user, password: password) }
        return path.string
    }

    /// Forgets a registry, wherever it is known. Returns where it was.
    package func forget(_ host: String) throws(RegistryError) -> [String] {
        var found: [String] = []
        for path in places.files {
            guard let file = try CredentialFile(at: path) else { continue }
            if let name = file.helper(host) {
                let helper = try CredentialHelper(name, environment: places.environment)
                if try helper.credentials(for: host) != nil {
                    try helper.erase(host)
                    found.append("docker-credential-\(name)")
                }
            }
            if file.knows(host) {
                try change(path) { $0.remove(host) }
                found.append(path.string)
            }
        }
        return found
    }

    /// Changes what a file holds; what others change at the same time stays.
    private func change(_ path: FilePath, _ change: (inout CredentialFile) -> Void) throws(RegistryError) {
        let locked = try Self.writing(path) { () throws(SyscallError) in try LockedCredentialFile(at: path) }
        guard locked.isReplaceable else { throw .credentials("`\(path)` is no file that can be replaced") }
        var file = try CredentialFile(at: path) ?? CredentialFile()
        change(&file)
        let bytes = file.bytes
        try Self.writing(path) { () throws(SyscallError) in try locked.replace(with: bytes) }
    }

    private static func writing<Value: ~Copyable>(
        _ path: FilePath, _ body: () throws(SyscallError) -> Value
    ) throws(RegistryError) -> Value {
        do throws(SyscallError) { return try body() } catch {
            throw .credentials("`\(path)` cannot be written: \(error.errno)")
        }
    }
}
