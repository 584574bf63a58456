import Builder
import SystemPackage

/// One `--secret` as typed: `id=NAME` with `src=FILE` or `env=VARIABLE`, and without either the variable of that name,
/// or else the file.
struct SecretOption {
    private static let keys = ["id", "src", "source", "env", "type"]

    let id: String
    let source: SecretSource

    init(_ text: String, in surroundings: Surroundings) throws(Failure) {
        let fields = try FieldList.fields(text, of: "--secret")
        let values = try FieldList.values(fields, of: "--secret", keys: Self.keys)
        if let empty = values.first(where: { $0.value.isEmpty }) {
            throw .usage("`\(empty.key)` in `--secret` has no value", hint: "write `--secret id=name,src=file`")
        }
        guard values["src"] == nil || values["source"] == nil else {
            throw .usage("`src` stands twice in one `--secret`")
        }
        let type = values["type"]
        guard [nil, "file", "env"].contains(type) else { throw .choice("--secret type=", type ?? "", ["file", "env"]) }
        var file = values["src"] ?? values["source"]
        var variable = values["env"]
        guard let id = values["id"] else {
            throw .usage("`--secret \(text)` has no id", hint: "write `--secret id=name,src=file`")
        }
        if type == "env", variable == nil { (variable, file) = (file, nil) }
        guard variable == nil || file == nil else {
            throw .usage("the secret `\(id)` is to come from a file and from a variable")
        }
        self.id = id
        source = try Self.source(of: id, file: file, variable: variable, type: type, surroundings)
    }

    private static func source(
        of id: String, file: String?, variable: String?, type: String?, _ surroundings: Surroundings
    ) throws(Failure) -> SecretSource {
        if let variable { return .environment(variable) }
        if file == nil, type != "file", surroundings.variable(id) != nil || type == "env" { return .environment(id) }
        let path = surroundings.absolute(file ?? id)
        guard let kind = PathKind(path) else {
            let hint = file == nil ? "write `--secret id=\(id),src=file` or `--secret id=\(id),env=variable`" : nil
            throw .usage("the secret `\(id)` is not at `\(path)`", hint: hint)
        }
        guard kind != .folder else { throw .usage("the secret `\(id)` is a folder: `\(path)`") }
        return .file(path)
    }
}
