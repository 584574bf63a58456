/// What planning came to.
package enum PlanOutcome: Hashable, Sendable {
    /// These images must be found first; then plan again with them.
    case needs([BaseRequirement])
    /// SOURCE_DATE_EPOCH has this value, which stands for the time of something; then plan again with that in
    /// ``PlanOptions/times``.
    case needsTime(String, TimeSource)
    case graph(BuildGraph)
}
