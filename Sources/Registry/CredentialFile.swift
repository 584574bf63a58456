import Linux
import OCI
package import SystemPackage

/// `~/.docker/config.json` or `auth.json`: who we are at which registry, or which program knows.
package struct CredentialFile: Hashable, Sendable {
    /// What docker calls docker.io.
    static let dockerHub = "https://index.docker.io/v1/"

    private var document: JSONObject

    /// An empty one.
    package init() { document = JSONObject() }

    /// Reads the text of one; `path` is for the error.
    package init(parsing bytes: [UInt8], at path: FilePath) throws(RegistryError) {
        guard let object = try? JSONValue.parse(bytes, maximumSize: 1 << 20).object else {
            throw .credentials("`\(path)` is no object in JSON")
        }
        document = object
    }

    /// Reads the file at a path; `nil` if there is none.
    init?(at path: FilePath) throws(RegistryError) {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try File(opening: path).readAll(limit: 1 << 20)
        } catch {
            if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
            throw .credentials("`\(path)` cannot be read: \(error.errno)")
        }
        if bytes.isEmpty { self.init() } else { try self.init(parsing: bytes, at: path) }
    }

    package var bytes: [UInt8] { JSONValue.object(document).serialised() + [UInt8(ascii: "\n")] }

    /// The credentials that stand in the file itself for a repository of a registry, the longest match first.
    func credentials(_ host: String, _ repository: String) -> Credentials? {
        let entries = (document["auths"]?.object?.members ?? []).compactMap { member in
            member.value.object.map { (name: Self.normalised(member.name), entry: $0) }
        }
        for name in Self.names(host, repository) {
            if let found = entries.lazy.filter({ $0.name == name }).compactMap({
                Self.credentials($0.entry)
            }).first {
                return found
            }
        }
        return nil
    }

    /// The program that knows the credentials for a registry.
    func helper(_ host: String) -> String? {
        let helpers = document["credHelpers"]?.object?.members ?? []
        let name =
            helpers.first { Self.normalised($0.name) == host }?.value.string
            ?? document["credsStore"]?.string
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file with a user's password for a registry; everything else in it stays.
    package mutating func set(_ host: String, user: String, password: String) {
        var auths = document["auths"]?.object ?? JSONObject()
        remove(host, from: &auths)
        auths[Self.key(host)] = ["auth": .string(Base64.encoded(Array("\(user):\(password)".utf8)))]
        document["auths"] = .object(auths)
    }

    /// True if there is an entry for a registry.
    func knows(_ host: String) -> Bool {
        document["auths"]?.object?.names.contains { Self.normalised($0) == host } ?? false
    }

    /// Takes a registry's entry out.
    package mutating func remove(_ host: String) {
        guard var auths = document["auths"]?.object else { return }
        remove(host, from: &auths)
        document["auths"] = .object(auths)
    }

    private func remove(_ host: String, from auths: inout JSONObject) {
        for name in auths.names where Self.normalised(name) == host { auths[name] = nil }
    }

    /// How the file calls a registry.
    static func key(_ host: String) -> String { host == "docker.io" ? dockerHub : host }

    private static func credentials(_ entry: JSONObject) -> Credentials? {
        if let token = entry["identitytoken"]?.string, !token.isEmpty { return .identityToken(token) }
        guard let bytes = entry["auth"]?.string.flatMap({ Base64.decoded($0) }) else { return nil }
        let parts = bytes.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        // Docker ends passwords with zeros.
        let password = parts[1].prefix { $0 != 0 }
        return .password(
            user: String(decoding: parts[0], as: UTF8.self),
            password: String(decoding: password, as: UTF8.self))
    }

    /// `host/a/b`, `host/a`, `host`.
    private static func names(_ host: String, _ repository: String) -> [String] {
        var components = repository.split(separator: "/")[...]
        var names: [String] = []
        while !components.isEmpty {
            names.append("\(host)/\(components.joined(separator: "/"))")
            components.removeLast()
        }
        return names + [host]
    }

    /// The name of an entry without what docker once wrote around it.
    private static func normalised(_ name: String) -> String {
        var text = name[...]
        for prefix in ["https://", "http://"] where text.hasPrefix(prefix) {
            text = text.dropFirst(prefix.count)
        }
        for suffix in ["/", "/v1", "/v2"] where text.hasSuffix(suffix) {
            text = text.dropLast(suffix.count)
        }
        return ["index.docker.io", "registry-1.docker.io"].contains(text) ? "docker.io" : String(text)
    }
}
