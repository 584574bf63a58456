/// What steps and containers may change at any time, so that there is nothing to compare it with: folders of each kind.
package struct Unverifiable: Hashable, Sendable {
    package internal(set) var cacheMounts: Int
    /// Kept containers, whose records are verified and whose files are not.
    package internal(set) var containers: Int
}
