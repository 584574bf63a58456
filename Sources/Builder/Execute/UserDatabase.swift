import Frontend
import Layers
import Linux
import OCI

/// The users and groups of an image, read from its own `/etc/passwd` and `/etc/group`.
///
/// The files are parsed here, bounded and within the image's root: the host's name service has no say in who `app` is.
struct UserDatabase: Sendable {
    /// A line of `/etc/passwd`.
    struct User: Hashable, Sendable {
        let name: String
        let id: UInt32
        let group: UInt32
        let home: String
    }

    /// A line of `/etc/group`.
    struct Group: Hashable, Sendable {
        let name: String
        let id: UInt32
        let members: [String]
    }

    let users: [User]
    let groups: [Group]

    /// The largest file that is read.
    private static let limit = 10 << 20

    init(users: [User] = [], groups: [Group] = []) {
        self.users = users
        self.groups = groups
    }

    init(passwd: [UInt8], group: [UInt8]) {
        users = Self.lines(passwd).compactMap { fields in
            guard fields.count >= 4, let id = UInt32(fields[2]), let group = UInt32(fields[3]) else { return nil }
            return User(name: fields[0], id: id, group: group, home: fields.count > 5 ? fields[5] : "/")
        }
        groups = Self.lines(group).compactMap { fields in
            guard fields.count >= 3, let id = UInt32(fields[2]) else { return nil }
            let members = fields.count > 3 ? fields[3].parts(between: ",") : []
            return Group(name: fields[0], id: id, members: members)
        }
    }

    /// Reads the files of a tree; one that is missing or no regular file counts as empty.
    init(of tree: MergedTree) throws(BuildError) {
        self.init(passwd: try Self.read("etc/passwd", of: tree), group: try Self.read("etc/group", of: tree))
    }

    private static func lines(_ bytes: [UInt8]) -> [[String]] {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            line.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
                .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }

    private static func read(_ path: String, of tree: MergedTree) throws(BuildError) -> [UInt8] {
        let file = try fromLayers { () throws(LayerError) -> File? in
            guard let found = try tree.lookup(TreePath(normalising: path), lastLink: .follow),
                found.status.kind == .regular
            else { return nil }
            return try tree.open(found)
        }
        guard let file else { return [] }
        do {
            return try file.readAll(limit: limit)
        } catch {
            throw BuildError(.input, "user-database", "/\(path) of the image cannot be read: \(error)")
        }
    }
}

extension UserDatabase {
    /// Whom a command runs as.
    struct Identity: Hashable, Sendable {
        let user: UInt32
        let group: UInt32
        let supplementary: [UInt32]
        let home: String
    }

    /// The identity that USER names: a name or number, and a group behind a colon.
    ///
    /// Without a group it is the user's own, with the further groups the user is a member of; a number that no line
    /// has is fine and gets group 0. Where both are numbers, or `root`, nothing is looked up but the home.
    func identity(of text: String) throws(BuildError) -> Identity {
        let parts = Self.parts(of: text)
        if let user = Self.number(parts.user), let group = parts.group.flatMap(Self.number) {
            return Identity(user: user, group: group, supplementary: [group], home: home(of: user))
        }
        let name = parts.user
        let user = try self.user(named: name.isEmpty ? "0" : name, in: text)
        let number = user?.id ?? UInt32(name) ?? 0
        let home = user?.home ?? "/"
        if let group = parts.group {
            let group = try self.group(named: group, in: text)
            return Identity(user: number, group: group, supplementary: [group], home: home)
        }
        let own = user.map { ExactText($0.name) }
        let memberships = groups.filter { group in group.members.contains { ExactText($0) == own } }
        let primary = user?.group ?? 0
        return Identity(
            user: number, group: primary, supplementary: [primary] + memberships.map(\.id).filter { $0 != primary },
            home: home)
    }

    /// Of a user without a line it is the root, as it is for those who run containers.
    private func home(of user: UInt32) -> String { users.first { $0.id == user }?.home ?? "/" }

    /// `user[:group]` in two; an empty group is none.
    private static func parts(of text: String) -> (user: String, group: String?) {
        let (user, group) = text.cut(at: ":")
        return (user, group?.isEmpty == true ? nil : group)
    }

    /// The line of a user; `nil` for a number that no line has.
    private func user(named name: String, in text: String) throws(BuildError) -> User? {
        if let user = users.first(where: { ExactText($0.name) == ExactText(name) }) { return user }
        guard let number = UInt32(name), number < 1 << 31 else { throw unknownUser(name, text) }
        return users.first { $0.id == number }
    }

    private func group(named name: String, in text: String) throws(BuildError) -> UInt32 {
        if let group = groups.first(where: { ExactText($0.name) == ExactText(name) }) { return group.id }
        if let number = UInt32(name), number < 1 << 31 { return number }
        throw unknownGroup(name, text)
    }

    private func unknownUser(_ name: String, _ text: String) -> BuildError {
        Self.unknown("user", name, text, closest(to: name, in: users.map(\.name)))
    }

    private func unknownGroup(_ name: String, _ text: String) -> BuildError {
        Self.unknown("group", name, text, closest(to: name, in: groups.map(\.name)))
    }

    private static func unknown(_ what: String, _ name: String, _ text: String, _ near: String?) -> BuildError {
        BuildError(
            .recipe, "unknown-\(what)", "the image has no \(what) `\(name)` (asked for with `\(text)`)",
            hint: near.map { "did you mean `\($0)`?" }
                ?? "add it in a step before, or name it by a number below 2147483648")
    }
}
