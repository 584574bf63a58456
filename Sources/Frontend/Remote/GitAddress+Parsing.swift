import OCI

extension GitAddress {
    /// The repository that a text names; `nil` if it names none.
    ///
    /// `anyPath`: whether an address of the web may do without `.git` at its end.
    static func parse(_ text: String, anyPath: Bool = false) throws(Diagnostic) -> GitAddress? {
        let (beforeFragment, fragment) = text.cut(at: "#")
        let (remote, query) = beforeFragment.cut(at: "?")
        guard isRepository(remote, anyPath: anyPath) else { return nil }
        var address = GitAddress(remote: remote)
        try address.take(fragment: fragment ?? "")
        try address.take(query: query ?? "")
        try address.check()
        return address
    }

    private static func isRepository(_ remote: String, anyPath: Bool) -> Bool {
        guard let mark = remote.utf8.firstRange(of: "://".utf8) else { return isSecureCopyName(remote) }
        switch remote[..<mark.lowerBound].lowercased() {
        case "ssh", "git": return true
        case "http", "https":
            let path = remote[mark.upperBound...].utf8.drop { $0 != UInt8(ascii: "/") }
            return anyPath || PercentEncoding.decoded(path).map { $0.suffix(4) == Array(".git".utf8) } ?? false
        default: return false
        }
    }

    /// `user@host:path`, as scp has it.
    private static func isSecureCopyName(_ source: String) -> Bool {
        let (place, path) = source.cut(at: ":")
        let names = place.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard path != nil, names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return false }
        return names[0].allSatisfy { $0.isLetter || $0.isDigit || "-_".utf8.contains($0) }
            && names[1].allSatisfy { $0.isLetter || $0.isDigit || "-.".utf8.contains($0) }
    }

    /// `reference:subfolder`
    private mutating func take(fragment: String) throws(Diagnostic) {
        let (name, folder) = try Self.decoded(fragment).cut(at: ":")
        if !name.isEmpty { reference = name }
        subfolder = Self.cleaned(folder ?? "")
    }

    private mutating func take(query: String) throws(Diagnostic) {
        var fields: ExactMap<String> = [:]
        for part in query.parts(between: "&") where !part.isEmpty {
            let (name, value) = part.cut(at: "=")
            let key = try Self.decoded(name, plusIsSpace: true)
            let text = try Self.decoded(value ?? "", plusIsSpace: true)
            guard fields.updateValue(text, forKey: key) == nil else {
                throw Self.fault("`\(key)` stands twice in the address")
            }
        }
        for (key, value) in fields.sorted { try take(key, value) }
        try takeReference(tag: fields["tag"], branch: fields["branch"])
    }

    private mutating func take(_ key: String, _ value: String) throws(Diagnostic) {
        switch key {
        case "submodules": takesSubmodules = try Self.truth(value, of: key)
        case "keep-git-dir": keepsGitFolder = try Self.truth(value, of: key)
        case "fetch-by-commit": fetchesByCommit = try Self.truth(value, of: key)
        case _ where !Self.keys.contains(key):
            let guess = closest(to: key, in: Self.keys)
            throw Self.fault("the address has a field `\(key)`", hint: guess.map { "did you mean `\($0)`?" })
        case _ where value.isEmpty: throw Self.fault("`\(key)` has no value in the address")
        case "ref": try agree("references", &reference, value)
        case "subdir":
            let folder = Self.cleaned(value)
            guard subfolder.isEmpty || ExactText(subfolder) == ExactText(folder) else {
                throw Self.fault("the address names two folders, `\(subfolder)` and `\(folder)`")
            }
            subfolder = folder
        case "checksum", "commit": try agree("commits", &checksum, try Self.checkedCommit(value))
        case "mtime":
            guard let named = Times(rawValue: value) else {
                throw Self.fault("`mtime` cannot be `\(value)`", hint: "it is `commit` or `checkout`")
            }
            times = named
        default: break
        }
    }

    private static let keys = [
        "ref", "tag", "branch", "subdir", "checksum", "commit", "keep-git-dir", "submodules", "mtime",
        "fetch-by-commit",
    ]

    private mutating func takeReference(tag: String?, branch: String?) throws(Diagnostic) {
        if let tag, let branch {
            throw Self.fault("the address names a tag, `\(tag)`, and a branch, `\(branch)`", hint: "name one of them")
        }
        for (name, prefix) in [(tag, "refs/tags/"), (branch, "refs/heads/")] {
            guard let name else { continue }
            try agree("references", &reference, name.utf8.starts(with: prefix.utf8) ? name : prefix + name)
        }
    }

    private func agree(_ what: String, _ value: inout String?, _ other: String) throws(Diagnostic) {
        if let value, ExactText(value) != ExactText(other) {
            throw Self.fault("the address names two \(what), `\(value)` and `\(other)`")
        }
        value = other
    }
}

extension GitAddress {
    private func check() throws(Diagnostic) {
        if let reference, !Self.isReference(reference) {
            throw Self.fault("`\(reference)` cannot be the name of a branch, a tag or a commit")
        }
        // Programs that git starts would take them for options.
        guard authority.utf8.first != .dash, !remote.utf8.contains(where: { $0 < 0x21 || $0 == 0x7F }) else {
            throw Self.fault("`\(shown)` is no address of a git repository")
        }
    }

    /// What `git check-ref-format` allows.
    private static func isReference(_ name: String) -> Bool {
        let name = Array(name.utf8)
        let isPlain = !name.contains { $0 < 0x21 || $0 == 0x7F || "~^:?*[\\".utf8.contains($0) }
        let beginsWell = name.first != .dash && name.first != UInt8(ascii: "/")
        let endsWell = !["/", ".", ".lock"].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
        return isPlain && beginsWell && endsWell && !["..", "@{"].contains { name.contains(Array($0.utf8)) }
    }

    /// A path within the repository: nothing leads out of it.
    private static func cleaned(_ folder: String) -> String {
        String(decoding: RecipePath.cleaned(Array("/\(folder)".utf8)).dropFirst(), as: UTF8.self)
    }

    private static func truth(_ value: String, of key: String) throws(Diagnostic) -> Bool {
        switch value {
        case "", "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw fault("`\(key)` cannot be `\(value)` in the address", hint: "it is `true` or `false`")
        }
    }

    private static func decoded(_ text: String, plusIsSpace: Bool = false) throws(Diagnostic) -> String {
        let bytes = text.utf8.map { plusIsSpace && $0 == UInt8(ascii: "+") ? .space : $0 }
        guard let decoded = PercentEncoding.decoded(bytes) else {
            throw fault("`\(text)` has a `%` without two hexadecimal digits behind it")
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
