package import OCI

/// What the command line says about a plan.
package struct PlanOptions: Hashable, Sendable {
    /// `--target`: a stage's name or number; `nil` is the last stage.
    package var target: String?
    /// `--build-arg`; `nil` as a value says that the caller's environment has no such variable.
    package var arguments: [String: String?]
    /// `--label`, applied last.
    package var labels: [Label]
    package var platform: Platform
    package var buildPlatform: Platform
    /// `--network`.
    package var network: RunOperation.Network
    /// Names given with `--build-context`: those that are folders, and those that are images.
    package var folderContexts: Set<String>
    package var imageContexts: Set<String>

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
        self.platform = platform
        self.buildPlatform = buildPlatform
        network = .default
        folderContexts = []
        imageContexts = []
    }
}
