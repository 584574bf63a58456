package import OCI

/// What the command line says about a plan.
package struct PlanOptions: Hashable, Sendable {
    /// `--target`: a stage's name or number; `nil` is the last stage.
    package var target: String?
    /// `--build-arg`, those that have a value.
    package var arguments: ExactMap<String>
    /// `--label`, applied last.
    package var labels: [Label]
    /// `--unsetenv`: variables that the image does not carry; the steps see them.
    package var removedVariables: Set<ExactText>
    /// `--unsetlabel`: labels that no stage takes over from its base.
    package var removedLabels: Set<ExactText>
    /// `--no-cache-filter`: lower-case names of stages whose steps the cache is not asked for.
    package var uncachedStages: Set<ExactText>
    package var platform: Platform
    package var buildPlatform: Platform
    /// `--network`.
    package var network: RunOperation.Network
    /// Names given with `--build-context`: those that are folders, and those that are images.
    package var folderContexts: Set<ExactText>
    package var imageContexts: Set<ExactText>

    /// What values of SOURCE_DATE_EPOCH that are no numbers have come to, in seconds; `nil` for what has no time.
    package var times: ExactMap<Int64?>

    /// What every RUN takes its machine to be called, if the build argument for that names one.
    package var hostName: String? {
        guard let name = arguments["BUILDKIT_SANDBOX_HOSTNAME"] ?? nil, !name.isEmpty else { return nil }
        return name
    }

    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(platform: Platform = .host, buildPlatform: Platform = .host) {
        arguments = [:]
        labels = []
        removedVariables = []
        removedLabels = []
        uncachedStages = []
        self.platform = platform
        self.buildPlatform = buildPlatform
        network = .default
        folderContexts = []
        imageContexts = []
        times = [:]
    }
}
