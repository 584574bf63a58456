import CLinux
import Glibc
import SystemPackage

/// What an overlay is made of, and the two ways of telling the kernel.
struct OverlayPlan: Sendable {
    /// Where an overlay puts what is changed in it.
    struct Changes: Sendable {
        let upper: FilePath
        let work: FilePath
    }

    /// The lowest first.
    let lower: [FilePath]
    /// `nil` for one that can only be read.
    let changes: Changes?
    let marks: Mount.OverlayMarks

    private var attributes: MountAttributes { changes == nil ? [.noDevices, .readOnly] : [.noDevices] }

    private static let settings = [
        ("metacopy", "off"), ("index", "off"), ("nfs_export", "off"), ("xino", "off"), ("redirect_dir", "nofollow"),
    ]

    private var flags: [String] { (marks == .user ? ["userxattr"] : []) + (changes == nil ? [] : ["volatile"]) }

    /// As Linux 6.8 and later want it: each layer by its descriptor.
    func mountOneByOne() throws(SyscallError) -> Mount {
        let context = try FileSystemContext("overlay")
        try context.set("source", "overlay")
        for (key, value) in Self.settings { try context.set(key, value) }
        for flag in flags { try context.set(flag) }
        for folder in lower.reversed() { try context.set("lowerdir+", try Self.reference(to: folder)) }
        if let changes {
            try context.set("upperdir", try Self.reference(to: changes.upper))
            try context.set("workdir", try Self.reference(to: changes.work))
        }
        return Mount(try context.mount(attributes))
    }

    /// As every kernel takes it: in one string of mount(2), which is at most a page long. A folder's name in it is the
    /// number of its descriptor, so hundreds of layers find room, wherever they lie.
    func mountByText() throws(SyscallError) -> Mount {
        let thread = try MountThread.shared.get()
        let number = try thread.run { () throws(SyscallError) in
            let folders = try lower.reversed().map(Reference.init)
            let ends = try changes.map { changes throws(SyscallError) in
                (upper: try Reference(changes.upper), work: try Reference(changes.work))
            }
            var parts = ["lowerdir=" + folders.map(\.name).joined(separator: ":")]
            if let ends { parts += ["upperdir=\(ends.upper.name)", "workdir=\(ends.work.name)"] }
            parts += Self.settings.map { "\($0)=\($1)" } + flags
            let text = parts.joined(separator: ",")
            guard text.utf8.count < Self.page else { throw SyscallError("mount", "overlay", .argListTooLong) }
            return try withExtendedLifetime((folders, ends)) { () throws(SyscallError) in
                // The attributes of fsmount(2) are the flags of mount(2).
                try checkShim("mount", "overlay") { clinux_mount_overlay(text, UInt(attributes.rawValue)) }
            }
        }
        return Mount(OwnedDescriptor(Int32(truncatingIfNeeded: number)))
    }

    /// Of what mount(2) reads; what is behind it would be lost without a word.
    private static let page = 4096

    /// A descriptor that keeps a folder in place, for use in a list.
    private final class Reference {
        private let handle: OwnedDescriptor
        var name: String { String(handle.number) }

        init(_ folder: FilePath) throws(SyscallError) { handle = try OverlayPlan.reference(to: folder) }
    }

    private static func reference(to folder: FilePath) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("open", folder.string) {
                folder.withPlatformString { open($0, CLINUX_O_PATH | O_DIRECTORY | O_CLOEXEC) }
            })
    }
}
