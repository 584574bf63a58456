import Builder
import SystemPackage

/// One `--secret` as typed: `id=NAME` with `src=FILE` or `env=VARIABLE`, and without either the variable of that name,
/// or else the file.
struct SecretOption {
    let id: String
    let source: SecretSource

    init(_ text: String, in surroundings: Surroundings) throws(Failure) {
        var id: String?
        var file: String?
        var variable: String?
        var type: String?
        for field in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw .usage("`\(field)` in `--secret` has no value", hint: "write `--secret id=name,src=file`")
            }
            switch parts[0].lowercased() {
            case "id": id = parts[1]
            case "src", "source": file = parts[1]
            case "env": variable = parts[1]
            case "type" where ["file", "env"].contains(parts[1]): type = parts[1]
            case "type": throw .choice("--secret type", parts[1], ["file", "env"])
            default: throw .choice("--secret", parts[0], ["id", "src", "env", "type"])
            }
        }
        guard let id else {
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
