/// Who has a file's bytes when it is called written.
package enum Persistence: Hashable, Sendable {
    /// The disk: a power cut takes nothing away. It begins early and is waited for.
    case disk
    /// The kernel, which brings them to the disk when it sees fit.
    case kernel
}
