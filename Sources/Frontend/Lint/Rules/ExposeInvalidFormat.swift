/// EXPOSE names ports of the container; where they are reached is for whoever runs it to say.
struct ExposeInvalidFormat: LintRule {
    let summary = "EXPOSE has neither addresses nor ports of the host"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read in
            read.ports.filter { ExposedPorts($0.value) != nil && Self.namesHost($0.value) }.map { port in
                LintDraft(
                    "`\(port.value)` has an address or a port of the host, which EXPOSE does not take into account",
                    at: port.span, of: read.parsed, hint: "write the container's port alone")
            }
        }
    }

    /// Docker lets the host's part be empty.
    private static func namesHost(_ port: String) -> Bool {
        port.split(separator: ":", omittingEmptySubsequences: false).dropLast().contains { !$0.isEmpty }
    }
}
