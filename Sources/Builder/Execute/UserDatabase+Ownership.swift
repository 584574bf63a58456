import OCI

extension UserDatabase {
    /// The owner that `--chown` names.
    ///
    /// A number is itself, whatever line there is for it, and without a group stands for the group of the same number;
    /// so does `root`, for 0. A user that the image does not have counts as root, and a group that it does not have as
    /// the user's: that is docker's way, which nobody would guess, so such names are told.
    func ownership(of text: String) -> (owner: Ownership, unknown: [UnknownName]) {
        let (name, groupName) = text.cut(at: ":")
        var (user, group) = (UInt32(0), UInt32(0))
        var unknown: [UnknownName] = []
        if let number = Self.number(name) {
            (user, group) = (number, number)
        } else if let found = users.first(where: { ExactText($0.name) == ExactText(name) }) {
            (user, group) = (found.id, found.group)
        } else {
            unknown.append(.user(name))
        }
        if let groupName {
            if let number = Self.number(groupName) {
                group = number
            } else if let found = groups.first(where: { ExactText($0.name) == ExactText(groupName) }) {
                group = found.id
            } else {
                unknown.append(.group(groupName))
            }
        }
        return (Ownership(user: user, group: group), unknown)
    }

    /// What needs no look-up; no text at all is 0.
    static func number(_ text: String) -> UInt32? {
        if text.isEmpty || text == "root" { return 0 }
        return Int32(text).flatMap { UInt32(exactly: $0) }
    }
}
