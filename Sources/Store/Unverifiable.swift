/// What steps and containers may change at any time, or have not finished, so that there is nothing to compare it with:
/// folders of each kind.
package struct Unverifiable: Hashable, Sendable {
    package internal(set) var cacheMounts: Int
    /// Kept containers whose command runs, or ended with nobody left to note what it had changed. Their records are
    /// verified.
    package internal(set) var containers: Int
    /// Unpacked layers that were never packed: somebody may be about to, or was killed.
    package internal(set) var snapshots: Int
}
