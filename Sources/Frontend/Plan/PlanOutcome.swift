/// What planning came to.
package enum PlanOutcome: Hashable, Sendable {
    /// These images must be found first; then plan again with them.
    case needs([BaseRequirement])
    case graph(BuildGraph)
}
