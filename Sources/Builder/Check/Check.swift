package import Frontend
import Linux
import OCI
package import Store
import SystemPackage

/// Checks a recipe without building it: nothing is written, and nothing is fetched.
///
/// Of the bases it knows what the store holds. What depends on others is passed over.
package struct Check: Sendable {
    private let request: BuildRequest
    private let store: Result<Store, BuildError>

    /// `store`: or why there is none. Only a context that is an archive cannot do without.
    package init(_ request: BuildRequest, store: Result<Store, BuildError>) {
        self.request = request
        self.store = store
    }

    /// - Throws: what keeps the recipe or the context from being read. What is wrong with the recipe is reported.
    package func run() throws(BuildError) -> CheckReport {
        let context = try openContext()
        let loader = RecipeLoader(request: request, context: context.main?.folder, fetched: context.recipe)
        let found = try loader.load()
        let (file, mistake) = RecipeFile.read(found.source)

        let settings: LintSettings
        do throws(Diagnostic) { settings = try LintSettings(of: file, request.plan) } catch {
            return CheckReport(source: found.source, path: found.path, findings: [], problem: mistake ?? error)
        }
        var facts = LintFacts()
        facts.bases = mistake == nil ? knownBases(of: file) : [:]
        facts.secrets = Credentials(request).readable
        var recipe = LintedRecipe(file, request.plan, facts, reach: .check)
        let patterns = try loader.ignorePatterns(besides: found.path)
        if let folder = context.main?.folder, mistake == nil, !patterns.isEmpty {
            let survey = ContextSurvey(folder: folder, patterns: patterns)
            recipe.facts.context = .surveyed(try survey.states(of: recipe.contextSources), patterns)
        }
        let findings = Linter.findings(in: recipe, mistake == nil ? .whole : .beginning, settings)
        let problem = mistake ?? Planner.problem(in: recipe) ?? Linter.failure(findings, settings)
        return CheckReport(source: found.source, path: found.path, findings: findings, problem: problem)
    }

    /// The recipe as a check reads it, up to a mistake if there is one: for those who list what it offers.
    package func read() throws(BuildError) -> (recipe: LintedRecipe, source: RecipeSource, problem: Diagnostic?) {
        let context = try openContext()
        let found = try RecipeLoader(
            request: request, context: context.main?.folder, fetched: context.recipe
        ).load()
        let (file, mistake) = RecipeFile.read(found.source)
        var facts = LintFacts()
        facts.bases = mistake == nil ? knownBases(of: file) : [:]
        return (LintedRecipe(file, request.plan, facts, reach: .check), found.source, mistake)
    }

    private func openContext() throws(BuildError) -> OpenContext {
        let interruption: Interruption
        do throws(SyscallError) { interruption = try Interruption() } catch {
            throw BuildError(error, doing: "preparing to check")
        }
        return try OpenContext(request, store.map { RemoteSources(request, $0, interruption) })
    }

    /// What the store holds of the bases that the recipe names, and of those that their triggers name.
    private func knownBases(of file: RecipeFile) -> [BaseRequirement: PlannedBase] {
        guard case .success(let store) = store else { return [:] }
        let images = StoredImages(store: store)
        let contexts = request.plan.imageContexts.compactMap { Reference($0.text) }
        var known: [BaseRequirement: PlannedBase] = [:]
        var seen: Set<BaseRequirement> = []
        while true {
            let missing = Planner.missingBases(of: file, request.plan, known).filter { seen.insert($0).inserted }
            guard !missing.isEmpty else { return known }
            for requirement in missing {
                // A context stands for the name; and what is damaged or for another machine counts as not there: a
                // build says more about it.
                guard let name = Reference(requirement.name), !contexts.contains(name),
                    let image = try? images.image(name, requirement.platform)
                else { continue }
                known[requirement] = PlannedBase(id: BaseID(index: known.count), config: image.base.config)
            }
        }
    }
}
