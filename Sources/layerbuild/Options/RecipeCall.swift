/// What is done with a recipe.
enum RecipeCall: Hashable, Sendable {
    case build
    case check(ResultForm)
    case outline(ResultForm)
    case targets(ResultForm)
}

/// How a command prints what it found.
enum ResultForm: String, Hashable, Sendable, CaseIterable {
    case text
    case json
    /// The form in which programs annotate sources; for findings only.
    case sarif

    init(typed: String, of flag: String) throws(Failure) {
        guard let form = ResultForm(rawValue: typed) else {
            throw .choice(flag, typed, Self.allCases.map(\.rawValue))
        }
        self = form
    }
}

extension BuildOptions {
    /// What a build does instead of building.
    func recipeCall() throws(Failure) -> RecipeCall {
        guard let call else { return check ? .check(.text) : .build }
        let parts = call.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var form = ResultForm.text
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, pair[0] == "format" else {
                throw .usage("`--call` has no option `\(part)`", hint: "write `--call=\(parts[0]),format=json`")
            }
            form = try ResultForm(typed: pair[1], of: "format")
        }
        let wanted: RecipeCall =
            switch parts[0] {
            case "build", "": .build
            case "check", "lint": .check(form)
            case "outline": .outline(form)
            case "targets": .targets(form)
            case let other: throw .choice("--call", other, ["build", "check", "outline", "targets"])
            }
        if check, case .check = wanted { return wanted }
        guard !check else { throw .usage("`--check` and `--call=\(call)` exclude each other") }
        return wanted
    }
}
