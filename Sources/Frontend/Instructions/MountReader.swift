/// Reads the options of one mount, from left to right.
struct MountReader {
    private static let keys = [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "id",
        "sharing", "required", "size", "mode", "uid", "gid", "env",
    ]

    let span: SourceSpan
    private var mount = Mount()
    /// Whether an option said if the mount can be written.
    private var accessIsGiven = false

    init(span: SourceSpan) { self.span = span }

    /// An option without a value.
    mutating func read(bare key: String, _ option: Word) throws(Diagnostic) {
        switch key {
        case "readonly", "ro": setAccess(readOnly: true)
        case "readwrite", "rw": setAccess(readOnly: false)
        case "required":
            try demand([.secret, .ssh], for: key, option)
            mount.isRequired = true
        case _ where Self.keys.contains(key):
            throw Diagnostic(
                .error, "missing-option-value", "`\(key)` needs a value", at: option.span,
                hint: "write `\(key)=value`")
        default: throw unknown(key, option)
        }
    }

    mutating func read(_ key: String, _ value: Word, _ option: Word) throws(Diagnostic) {
        let text = value.text.isEmpty ? nil : value.text
        switch key {
        case "type": mount.kind = try choice(value, of: key)
        case "from": mount.from = text
        case "source", "src": mount.source = text
        case "target", "dst", "destination": mount.target = text
        case "readonly", "ro": setAccess(readOnly: try value.truth(of: key))
        case "readwrite", "rw": setAccess(readOnly: try !value.truth(of: key))
        case "id": mount.id = text
        case "env": mount.variable = value.text
        case "sharing": mount.sharing = try choice(value, of: key)
        case "mode": mount.mode = try value.number(of: key, base: 8)
        case "uid": mount.owner = try value.number(of: key, base: 10)
        case "gid": mount.group = try value.number(of: key, base: 10)
        case "required":
            try demand([.secret, .ssh], for: key, option)
            mount.isRequired = try value.truth(of: key)
        case "size":
            try demand([.tmpfs], for: key, option)
            mount.size = try value.size(of: key)
        default: throw unknown(key, option)
        }
    }

    /// The mount, once all options are read.
    func finished() throws(Diagnostic) -> Mount {
        var mount = mount
        let kind = mount.kind.rawValue
        if mount.kind == .bind || mount.kind == .tmpfs {
            let given = [("mode", mount.mode), ("uid", mount.owner), ("gid", mount.group)]
            for (key, value) in given where value != nil { throw conflict("\(article) \(kind) mount has no `\(key)`") }
        }
        if !accessIsGiven { mount.isReadOnly = mount.kind != .cache && mount.kind != .tmpfs }
        if mount.sharing != nil, mount.kind != .cache { throw conflict("\(article) \(kind) mount has no `sharing`") }
        guard mount.kind == .secret else { return mount }
        if mount.from != nil { throw conflict("a secret mount has no `from`") }
        if mount.source == nil, mount.target == nil, mount.id == nil {
            throw conflict("a secret mount needs an `id` or a `target`")
        }
        if mount.source != nil, mount.id != nil { throw conflict("a secret mount has either `id` or `source`") }
        return mount
    }
}

extension MountReader {
    private mutating func setAccess(readOnly: Bool) {
        mount.isReadOnly = readOnly
        accessIsGiven = true
    }

    private func demand(_ kinds: [Mount.Kind], for key: String, _ option: Word) throws(Diagnostic) {
        guard !kinds.contains(mount.kind) else { return }
        let types = kinds.map { "`type=\($0.rawValue)`" }.joined(separator: " and ")
        throw Diagnostic(
            .error, "misplaced-option", "\(article) \(mount.kind.rawValue) mount has no `\(key)`", at: option.span,
            hint: "`\(key)` belongs to \(types), which must stand before it")
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: Word, of key: String
    ) throws(Diagnostic) -> Choice {
        if let choice = Choice(rawValue: value.text.lowercased()) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let listed = "it is one of " + known.map { "`\($0)`" }.joined(separator: ", ")
        throw value.badValue(
            of: key, hint: closest(to: value.text, in: known).map { "did you mean `\($0)`?" } ?? listed)
    }

    private func unknown(_ key: String, _ option: Word) -> Diagnostic {
        Diagnostic(
            .error, "unknown-option", "`--mount` has no option `\(key)`", at: option.span,
            hint: closest(to: key, in: Self.keys).map { "did you mean `\($0)`?" })
    }

    /// For the mount's type.
    private var article: String { mount.kind == .ssh ? "an" : "a" }

    private func conflict(_ message: String) -> Diagnostic {
        Diagnostic(.error, "mount-conflict", message, at: span)
    }
}
