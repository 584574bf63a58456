/// What RUN, CMD, ENTRYPOINT and HEALTHCHECK start.
package enum CommandLine: Hashable, Sendable {
    /// `["program", "argument"]`: started as it is, nothing is replaced.
    case exec([Located<String>])
    /// A line for the stage's shell; empty if the instruction had no argument.
    case shell(Located<String>)
}
