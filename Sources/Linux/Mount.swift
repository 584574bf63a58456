import CLinux
import Glibc
package import SystemPackage

/// A mount that is attached to no path: it is reached through its descriptor, and the kernel takes it apart when the
/// descriptor closes. There is nothing to unmount, and nothing to leak if the process is killed.
package struct Mount: ~Copyable, Sendable {
    package let handle: OwnedDescriptor

    init(_ handle: consuming OwnedDescriptor) { self.handle = handle }

    package var number: Int32 { handle.number }

    /// The mount's root as a folder, in which files are read and written like anywhere else.
    package func folder() throws(SyscallError) -> Folder {
        Folder(OwnedDescriptor(try check("openat") { openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }))
    }

    /// A bind mount of a file or folder of the host; links in the path are followed.
    ///
    /// Mounts below it are not part of it.
    package static func bind(_ path: FilePath, _ attributes: MountAttributes = []) throws(SyscallError) -> Mount {
        try bind(path.string, attributes) {
            path.withPlatformString { open_tree(AT_FDCWD, $0, openTreeFlags) }
        }
    }

    /// A bind mount of what a descriptor is open for. It must not itself belong to a detached mount.
    package static func bind(
        _ descriptor: borrowing OwnedDescriptor, _ attributes: MountAttributes = []
    ) throws(SyscallError) -> Mount {
        let number = descriptor.number
        return try bind("descriptor \(number)", attributes) {
            open_tree(number, "", openTreeFlags | UInt32(CLINUX_AT_EMPTY_PATH))
        }
    }

    /// An empty file system in memory; `size` in bytes, half the machine's memory if `nil`.
    ///
    /// One that does not swap never reaches a disk. It needs Linux 6.4, and root without a user namespace.
    package static func memory(
        size: Int64? = nil, mode: UInt16 = 0o755, swaps: Bool = true, _ attributes: MountAttributes = [.noDevices]
    ) throws(SyscallError) -> Mount {
        let context = try FileSystemContext("tmpfs")
        try context.set("mode", "0" + String(mode, radix: 8))
        if let size { try context.set("size", String(size)) }
        if !swaps { try context.set("noswap") }
        return Mount(try context.mount(attributes))
    }

    /// Takes rights from everyone who uses the mount from now on.
    package func restrict(_ attributes: MountAttributes) throws(SyscallError) {
        var change = mount_attr()
        change.attr_set = attributes.rawValue
        var patience = 5_000
        while true {
            do throws(SyscallError) {
                try check("mount_setattr") {
                    mount_setattr(number, "", UInt32(CLINUX_AT_EMPTY_PATH), &change, MemoryLayout<mount_attr>.size)
                }
                return
            } catch  where error.errno == .resourceBusy && patience > 0 {
                // A command that another thread starts has our descriptors until it becomes its program, and with
                // them a file of this mount that was being written when it was cloned.
                patience -= 1
                _ = poll(nil, 0, 1)
            }
        }
    }

    private static var openTreeFlags: UInt32 { UInt32(OPEN_TREE_CLONE) | UInt32(O_CLOEXEC) }

    private static func bind(
        _ subject: String, _ attributes: MountAttributes, _ openTree: () -> Int32
    ) throws(SyscallError) -> Mount {
        let mount = Mount(OwnedDescriptor(try check("open_tree", subject, openTree)))
        var change = mount_attr()
        change.attr_set = attributes.rawValue
        change.propagation = UInt64(MS_PRIVATE)
        try check("mount_setattr", subject) {
            mount_setattr(mount.number, "", UInt32(CLINUX_AT_EMPTY_PATH), &change, MemoryLayout<mount_attr>.size)
        }
        return mount
    }
}
