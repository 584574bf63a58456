import ArgumentParser
import Frontend
import OCI

/// Which earlier results a build may use, as typed.
struct CacheOptions: ParsableArguments {
    @Flag(help: "execute every step, whatever the cache holds")
    var noCache = false

    @Option(
        help: ArgumentHelp(
            "a stage whose steps are executed, whatever the cache holds; several with commas", valueName: "stage"))
    var noCacheFilter: [String] = []

    /// The names of stages, as the planner compares them.
    func uncachedStages() throws(Failure) -> Set<ExactText> {
        let names = noCacheFilter.flatMap { $0.parts(between: ",") }
        guard !names.contains("") else { throw .usage("`--no-cache-filter` has an empty name") }
        return Set(names: names.map(\.inLowerCase))
    }
}
