import Builder
import Frontend
import OCI
import SystemPackage

/// One `-o` as typed: `FILE`, `-`, `FOLDER/` or `type=…,dest=…`.
struct OutputOption {
    private static let keys = ["type", "dest", "name"]
    private static let forms = [
        "image": Output.Form.image, "oci": .oci, "docker": .docker, "oci-dir": .ociFolder, "local": .local,
        "rootfs": .local, "tar": .tar, "none": .none, "cacheonly": .none, "registry": .registry,
    ]

    let output: Output

    init(_ text: String, in surroundings: Surroundings) throws(Failure) {
        guard !text.isEmpty else { throw .usage("`--output` is empty") }
        let fields = try FieldList.fields(text, of: "--output")
        let isTyped = Self.keys.contains { fields[0].utf8.starts(with: "\($0)=".utf8) }
        output = try isTyped ? Self.typed(fields, in: surroundings) : Self.path(text, in: surroundings)
        guard output.destination == .standardOutput, surroundings.showsOutput else { return }
        throw .usage("`--output \(text)` would write an archive to the terminal", hint: "redirect it, or name a file")
    }

    private static func path(_ text: String, in surroundings: Surroundings) -> Output {
        if text == "-" { return Output(form: .image, destination: .standardOutput) }
        let path = surroundings.absolute(text)
        let isFolder = text.hasSuffix("/") || PathKind(path) == .folder
        return Output(form: isFolder ? .local : .image, destination: .path(path))
    }

    private static func typed(_ fields: [String], in surroundings: Surroundings) throws(Failure) -> Output {
        let values = try FieldList.values(fields, of: "--output", keys: keys)
        let type = values["type"] ?? "image"
        guard let form = forms[type] else { throw .choice("--output type=", type, forms.keys.sorted()) }
        guard form != .registry else {
            guard values["dest"] == nil else {
                throw .usage("`type=registry` has no `dest`", hint: "name the registry with `-t`, or with `name=`")
            }
            let name = try values["name"].map { text throws(Failure) in try Reference(typed: text) }
            return Output(form: form, destination: .registry(name))
        }
        guard values["name"] == nil else { throw .usage("only `type=registry` takes a `name`", hint: "use `-t`") }
        return Output(form: form, destination: try destination(values["dest"], type, form, in: surroundings))
    }

    private static func destination(
        _ text: String?, _ type: String, _ form: Output.Form, in surroundings: Surroundings
    ) throws(Failure) -> Output.Destination {
        guard form != .none else { return .path("/dev/null") }
        guard let text, !text.isEmpty else {
            throw .usage("`type=\(type)` says no place", hint: "add `,dest=path`")
        }
        guard text == "-" else { return .path(surroundings.absolute(text)) }
        guard form != .local, form != .ociFolder else {
            throw .usage("`type=\(type)` is a folder, which standard output cannot take")
        }
        return .standardOutput
    }
}
