import Frontend

/// What a recipe offers, in columns for people.
struct OutlineText {
    /// The lines, each ended; paragraphs with a blank line between them.
    let text: String

    init(_ outline: RecipeOutline) {
        var paragraphs: [String] = []
        if outline.name != nil || outline.description != nil {
            let description = outline.description.map { "DESCRIPTION: \(Self.printable($0))\n" } ?? ""
            paragraphs.append("TARGET:      \(outline.name ?? "(default)")\n" + description)
        }
        paragraphs.append(
            Table(
                header: ["BUILD ARG", "VALUE", "DESCRIPTION"],
                rows: outline.arguments.map { argument in
                    [argument.name, argument.value ?? "", argument.description ?? ""].map(Self.printable)
                }
            ).text)
        paragraphs.append(Self.table("SECRET", outline.secrets))
        paragraphs.append(Self.table("SSH", outline.agents))
        text = paragraphs.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// A stage without a name stands under its number, which `--target` takes too.
    init(_ list: TargetList) {
        let rows = list.targets.map { target -> [String] in
            let mark = target.isDefault ? "(default)" : nil
            let name = target.name ?? (target.isDefault ? nil : "\(target.number)")
            let title = [name, mark].compactMap(\.self).joined(separator: " ")
            return [title, target.base, target.description ?? ""].map(Self.printable)
        }
        text = Table(header: ["TARGET", "BASE", "DESCRIPTION"], rows: rows).text
    }

    private static func table(_ title: String, _ credentials: [RecipeOutline.Credential]) -> String {
        Table(
            header: [title, "REQUIRED"],
            rows: credentials.map { [printable($0.id), $0.isRequired ? "true" : ""] }
        ).text
    }

    private static func printable(_ text: String) -> String { PrintableLine(Array(text.utf8)).text }
}
