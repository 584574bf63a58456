import Glibc
import Linux
import SystemPackage

/// All the places where credentials may be kept, and the programs that keep some.
package struct CredentialStore: Sendable {
    private let places: CredentialPlaces

    package init(_ places: CredentialPlaces) { self.places = places }

    /// Who we are at a registry; `nil` if nobody says.
    func credentials(_ host: String, _ repository: String) throws(RegistryError) -> Credentials? {
        for path in places.files {
            guard let file = try read(path) else { continue }
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
        var file = try read(path) ?? CredentialFile()
        if let name = file.helper(host) {
            try CredentialHelper(name, environment: places.environment).store(
                host, user: user, password: password)
            return "docker-credential-\(name)"
        }
        file.set(host, user: user, password: password)
        try write(file, to: path)
        return path.string
    }

    /// Forgets a registry, wherever it is known. Returns where it was.
    package func forget(_ host: String) throws(RegistryError) -> [String] {
        var found: [String] = []
        for path in places.files {
            guard var file = try read(path) else { continue }
            if let name = file.helper(host) {
                let helper = try CredentialHelper(name, environment: places.environment)
                if try helper.credentials(for: host) != nil {
                    try helper.erase(host)
                    found.append("docker-credential-\(name)")
                }
            }
            if file.remove(host) {
                try write(file, to: path)
                found.append(path.string)
            }
        }
        return found
    }

    private func read(_ path: FilePath) throws(RegistryError) -> CredentialFile? {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try File(opening: path).readAll(limit: 1 << 20)
        } catch {
            if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
            throw .credentials("`\(path)` cannot be read: \(error.errno)")
        }
        return bytes.isEmpty ? nil : try CredentialFile(parsing: bytes, at: path)
    }

    /// Complete or not there at all. A link stays one: what it leads to is written.
    private func write(_ file: CredentialFile, to path: FilePath) throws(RegistryError) {
        do throws(SyscallError) {
            let place = try Self.place(of: path)
            let folderPath = place.removingLastComponent()
            if let name = folderPath.lastComponent, access(folderPath.string, F_OK) != 0 {
                try Folder(opening: folderPath.removingLastComponent()).makeFolder(
                    FilePath(root: nil, [name]), mode: 0o700)
            }
            guard let name = place.lastComponent else { return }
            try Self.replace(
                FilePath(root: nil, [name]), in: try Folder(opening: folderPath.isEmpty ? "." : folderPath), file.bytes)
        } catch {
            throw .credentials("`\(path)` cannot be written: \(error.errno)")
        }
    }

    /// Where a path leads once its last component is no link any more.
    private static func place(of path: FilePath) throws(SyscallError) -> FilePath {
        var place = path
        for _ in 0..<40 {
            let above = place.removingLastComponent()
            let folderPath: FilePath = above.isEmpty ? "." : above
            guard let name = place.lastComponent, access(folderPath.string, F_OK) == 0 else { return place }
            let folder = try Folder(opening: folderPath)
            let entry = FilePath(root: nil, [name])
            guard try folder.status(of: entry)?.kind == .symbolicLink else { return place }
            place = above.pushing(FilePath(bytes: try folder.linkTarget(of: entry)))
        }
        throw SyscallError("readlink", path, .tooManySymbolicLinkLevels)
    }

    /// What the owner has settled about who may read the file stays so, unless that is everybody.
    private static func replace(
        _ name: FilePath, in folder: borrowing Folder, _ bytes: [UInt8]
    ) throws(SyscallError) {
        let old = try folder.status(of: name)
        let temporary = FilePath(".\(name.string).new")
        try? folder.unlink(temporary)
        let file = File(try folder.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600))
        if let old {
            if geteuid() == 0 { try file.setOwner(old.owner, group: old.group) }
            if old.mode & 0o007 == 0 { try file.setMode(old.mode & 0o770) }
        }
        try file.write(bytes)
        try file.sync()
        try folder.rename(temporary, to: name, in: folder)
    }
}
