import OCI

extension ConfigFold {
    /// Each name with its value, the earlier ones already in force for the later.
    mutating func arg(_ arguments: [Argument], _ build: BuildArguments) throws(Diagnostic) -> String {
        var line = "ARG"
        for argument in arguments {
            let name = argument.name.value
            let value: String? =
                if let given = build.given[name] {
                    given
                } else if let word = argument.value {
                    try expand(word)
                } else {
                    build.global[name]
                }
            if let value, !["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"].contains(name) {
                variables[name] = value
                if environment[name] != nil { shadowed.insert(ExactText(name)) }
            }
            declared[name] = value ?? ""
            line += " " + name + (value.map { "=\($0)" } ?? "")
        }
        return line
    }

    /// All pairs see the variables as they were before.
    mutating func env(_ bindings: [Binding]) throws(Diagnostic) -> String {
        let pairs = try expand(bindings)
        for pair in pairs {
            environment[pair.name] = pair.value
            variables[pair.name] = pair.value
        }
        return "ENV" + pairs.map { " \($0.name)=\($0.value)" }.joined()
    }

    mutating func label(_ bindings: [Binding]) throws(Diagnostic) -> String {
        let pairs = try expand(bindings)
        for pair in pairs { config.container.labels[pair.name] = pair.value }
        return "LABEL" + pairs.map { " \($0.name)=\($0.value)" }.joined()
    }

    private func expand(_ bindings: [Binding]) throws(Diagnostic) -> [(name: String, value: String)] {
        try bindings.map { binding throws(Diagnostic) in (try expand(binding.name), try expand(binding.value)) }
    }

    /// `|2 A=1 B=2`, the arguments in force, as they stand before the command in RUN's line of history.
    var argumentPrefix: [String] {
        declared.names.isEmpty
            ? []
            : ["|\(declared.names.count)"]
                + declared.names.map { name in
                    "\(name)=\(variables[name] ?? declared[name] ?? "")"
                }
    }
}
