import Frontend

extension SandboxRequest {
    /// Refuses steps that ask for what nobody has granted. They must not run with less either.
    ///
    /// A step whose network is bounded by `--network=none` does not ask for the machine's any more.
    func refuseUnentitled(_ steps: [Step]) throws(BuildError) {
        for step in steps {
            guard case .run(let run) = step.operation else { continue }
            if run.network == .host, !entitlements.contains(.hostNetwork) {
                throw Self.lacking(.hostNetwork, "host-network", "`--network=host`", step)
            }
            if run.security == .insecure, !entitlements.contains(.insecure) {
                throw Self.lacking(.insecure, "insecure-step", "`--security=insecure`", step)
            }
        }
    }

    private static func lacking(
        _ entitlement: Entitlement, _ code: String, _ flag: String, _ step: Step
    ) -> BuildError {
        BuildError(
            .recipe, code, "\(flag) is not allowed", at: step.origin,
            hint: "whoever trusts the recipe adds `--allow \(entitlement.rawValue)` to the command line")
    }
}
