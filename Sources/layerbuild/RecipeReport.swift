import Builder
import Frontend
import Linux
import OCI
import Store

/// Answers questions about a recipe that need no build: `check` and `--call`.
struct RecipeReport {
    private let check: Check
    private let surroundings: Surroundings

    init(_ options: BuildOptions, of context: String, in surroundings: Surroundings) throws(Failure) {
        let path = try options.store.path(in: surroundings)
        let store: Result<Store, BuildError>
        do throws(StoreError) { store = .success(try Store.open(at: path, now: surroundings.now)) } catch {
            let reason = BuildError(error)
            store = .failure(reason)
            // Bases that nobody knows are no mistake; that they were not looked for is worth a line.
            if !options.progress.quiet {
                Console.error.write("note: the store's bases count as unknown: \(reason.message)\n")
            }
        }
        var options = options
        // Nothing is built, so nothing has to have a name.
        options.output = ["type=none"]
        check = Check(try options.request(for: context, in: surroundings), store: store)
        self.surroundings = surroundings
    }

    /// - Throws: what is wrong with the recipe, once what was found is printed.
    func tell(_ call: RecipeCall) throws {
        switch call {
        case .build: break
        case .check(let form):
            let report = try check.run()
            try Console.output.tell(text(of: report, form))
            if let problem = report.problem { throw Failure(BuildError(problem), in: report.source) }
        case .outline(let form):
            let (recipe, source) = try wholeRecipe()
            let outline: RecipeOutline
            do { outline = try RecipeOutline(recipe) } catch { throw Failure(BuildError(error), in: source) }
            try tell(form, OutlineText(outline).text, SourceJSON(source).object(outline))
        case .targets(let form):
            let (recipe, source) = try wholeRecipe()
            let list = TargetList(recipe)
            try tell(form, OutlineText(list).text, SourceJSON(source).object(list))
        }
    }

    private func wholeRecipe() throws -> (LintedRecipe, RecipeSource) {
        let (recipe, source, problem) = try check.read()
        if let problem { throw Failure(BuildError(problem), in: source) }
        return (recipe, source)
    }

    private func text(of report: CheckReport, _ form: ResultForm) -> String {
        switch form {
        case .text:
            let style = Style.style(isTerminal: surroundings.showsOutput, variable: surroundings.variable)
            return FindingText(report.findings, in: report.source).full(style)
        case .json: return SourceJSON(report.source).object(report).line
        case .sarif: return FindingSARIF(report, from: surroundings.currentDirectory).document.line
        }
    }

    private func tell(_ form: ResultForm, _ text: String, _ object: JSONValue) throws(Failure) {
        switch form {
        case .text: try Console.output.tell(text)
        case .json: try Console.output.tell(object.line)
        case .sarif: throw .usage("only findings have the form `sarif`", hint: "write `format=json`")
        }
    }
}

extension JSONValue {
    /// The document and a line's end.
    var line: String { String(decoding: serialised(), as: UTF8.self) + "\n" }
}
