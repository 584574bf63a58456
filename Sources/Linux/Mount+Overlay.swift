import Synchronization
package import SystemPackage

extension Mount {
    /// Where an overlay keeps the attributes with which it marks folders.
    package enum OverlayMarks: Hashable, Sendable {
        /// `trusted.overlay.*`, for root.
        case trusted
        /// `user.overlay.*`, for user namespaces.
        case user
    }

    /// A writable view of `lower`, lowest first, whose changes go to the folder `upper`.
    ///
    /// `upper` and `work` are two empty folders of one file system. The overlay is volatile: the kernel does not sync
    /// the upper file system, and neither folder can be mounted a second time. A renamed folder is copied, and so is
    /// the content of every changed file: `upper` alone says what changed. Device nodes cannot be used in it.
    package static func overlay(
        lower: [FilePath], upper: FilePath, work: FilePath, marks: OverlayMarks = .trusted
    ) throws(SyscallError) -> Mount {
        try mount(
            OverlayPlan(lower: lower, changes: OverlayPlan.Changes(upper: upper, work: work), marks: marks))
    }

    /// A view of `lower`, lowest first, that can only be read.
    ///
    /// An overlay wants two layers: where `lower` is a single one, the empty folder `empty` becomes the other.
    package static func overlay(
        reading lower: [FilePath], empty: FilePath, marks: OverlayMarks = .trusted
    ) throws(SyscallError) -> Mount {
        try mount(OverlayPlan(lower: lower.count > 1 ? lower : [empty] + lower, changes: nil, marks: marks))
    }

    /// False if this kernel looks at an overlay's options only when it is made, as those do that take no layers one by
    /// one. Asked, because one that finds the options wrong then says so in the machine's log.
    static let readsOptionsOneByOne: Bool = {
        guard let context = try? FileSystemContext("overlay") else { return true }
        return (try? context.set("no-such-option")) == nil
    }()

    /// True once the kernel has refused to take layers one by one and has taken the same ones in one string.
    private static let takesOneString = Atomic(false)

    /// The kernel says which way it wants: versions tell little where kernels have been patched. It refuses before it
    /// touches the folders, so they can be given to it a second time.
    private static func mount(_ plan: OverlayPlan) throws(SyscallError) -> Mount {
        if !readsOptionsOneByOne || takesOneString.load(ordering: .relaxed) { return try plan.mountByText() }
        do throws(SyscallError) {
            return try plan.mountOneByOne()
        } catch  where error.errno == .invalidArgument {
            // The first error says more than a second one would.
            guard let mount = try? plan.mountByText() else { throw error }
            takesOneString.store(true, ordering: .relaxed)
            return mount
        }
    }
}
