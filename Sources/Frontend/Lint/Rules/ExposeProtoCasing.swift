/// `80/tcp`, not `80/TCP`.
struct ExposeProtoCasing: LintRule {
    let summary = "the protocol of a port is in lower case"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read in
            read.ports.filter { ExposedPorts($0.value) != nil && Self.isCased($0.value) }.map { port in
                LintDraft("the protocol of `\(port.value)` is not in lower case", at: port.span, of: read.parsed)
            }
        }
    }

    private static func isCased(_ port: String) -> Bool {
        let named = port.drop { $0 != "/" }
        return named.lowercased() != named
    }
}
