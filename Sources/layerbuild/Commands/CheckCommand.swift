import ArgumentParser

/// `layerbuild check`: what is wrong with a recipe, or could be better, without building it.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks a recipe without building it.",
        discussion: """
            It takes the flags of a build, so that the same command line can be checked. \
            Example: layerbuild check -f shop/Recipe shop
            """)

    @Option(
        help: ArgumentHelp("how to print what is found: text, json or sarif", valueName: "form"),
        completion: .list(["text", "json", "sarif"]))
    var format = "text"

    @OptionGroup var options: BuildOptions
    @Argument(help: BuildOptions.contextHelp, completion: .file()) var context: String

    func run() throws {
        let form = try ResultForm(typed: format, of: "--format")
        let surroundings = try Surroundings.current()
        try RecipeReport(options, of: context, in: surroundings).tell(.check(form))
    }
}
