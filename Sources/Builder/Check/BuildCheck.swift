import Frontend

/// Checks a recipe that is about to be built: with what the build knows anyway, and without looking at a file for it.
struct BuildCheck {
    let request: BuildRequest
    let bases: [BaseRequirement: PlannedBase]
    let ignored: IgnorePatterns
    let credentials: Credentials

    /// What is worth telling.
    /// - Throws: `check-failed` if the recipe wants that to be an error, once `tell` has been told.
    func run(_ file: RecipeFile, tell: ([LintFinding]) -> Void) throws(BuildError) {
        do throws(Diagnostic) {
            let settings = try LintSettings(of: file, request.plan)
            var facts = LintFacts()
            facts.bases = bases
            facts.context = .patterns(ignored)
            facts.secrets = credentials.readable
            var findings: [LintFinding] = []
            var told: Set<LintFinding> = []
            for platform in request.platforms {
                var plan = request.plan
                plan.platform = platform
                let recipe = LintedRecipe(file, plan, facts, reach: .build)
                findings += Linter.findings(in: recipe, .whole, settings).filter { told.insert($0).inserted }
            }
            if !findings.isEmpty { tell(findings) }
            if let failure = Linter.failure(findings, settings) { throw failure }
        } catch {
            throw BuildError(error)
        }
    }
}
