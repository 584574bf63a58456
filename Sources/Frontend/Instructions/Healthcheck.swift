/// `HEALTHCHECK NONE` or `HEALTHCHECK [flags] CMD command`
package enum HealthcheckInstruction: Hashable, Sendable {
    /// Removes the check that the base image has.
    case none
    case check(Check)

    /// Times are nanoseconds; 0 leaves the default.
    package struct Check: Hashable, Sendable {
        package let command: CommandLine
        package let interval: Int64
        package let timeout: Int64
        package let startPeriod: Int64
        package let startInterval: Int64
        package let retries: Int64
    }
}
