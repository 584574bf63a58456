/// `RUN --device=name[,required]`: a device by its CDI name.
package struct DeviceFlag: Hashable, Sendable {
    package let name: String
    package let isRequired: Bool
    package let span: SourceSpan
}

extension DeviceFlag {
    init(_ flag: FlagList.Flag) throws(Diagnostic) {
        var name = ""
        var isRequired = false
        for field in try flag.value.map({ word throws(Diagnostic) in try CommaSeparated.fields(of: word) }) ?? [] {
            let (key, value) = field.option
            switch (key.lowercased(), value) {
            case ("required", nil): isRequired = true
            case ("required", let value?): isRequired = try value.truth(of: key)
            case ("name", let value?) where name.isEmpty: name = value.text
            case ("name", .some): throw Self.unexpected(field, "the device already has a name")
            case _ where name.isEmpty: name = field.text
            default: throw Self.unexpected(field, "`--device` has no option `\(key)`")
            }
        }
        self.name = name
        self.isRequired = isRequired
        span = flag.span
    }

    private static func unexpected(_ field: Word, _ message: String) -> Diagnostic {
        Diagnostic(
            .error, "unknown-option", message, at: field.span, hint: "write `--device=name` or `--device=name,required`"
        )
    }
}
