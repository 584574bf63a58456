package import Linux

/// What the command line says about the surroundings of every RUN. No recipe can say any of it.
package struct SandboxRequest: Hashable, Sendable {
    /// A right that a recipe may ask for and that whoever builds has to grant: `--allow`.
    package enum Entitlement: String, Hashable, Sendable, CaseIterable {
        /// `RUN --network=host`.
        case hostNetwork = "network.host"
        /// `RUN --security=insecure`.
        case insecure = "security.insecure"
    }

    /// `--shm-size`, the size of `/dev/shm` in bytes.
    package var sharedMemory: UInt64 = 64 << 20
    /// `--ulimit`.
    package var limits: [SpawnPlan.Limit] = []
    /// What user 0 of a step has: the usual set, `--cap-add` and `--cap-drop` applied.
    package var capabilities = Capabilities.container
    /// `--volume`, in the order of the command line.
    package var volumes: [Volume] = []
    /// `--dns` and its like.
    package var resolvers = Resolvers()
    /// `--allow`.
    package var entitlements: Set<Entitlement> = []

    package init() {}
}
