import Glibc

/// What may not be done through a mount.
package struct MountAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let readOnly = MountAttributes(rawValue: UInt64(MOUNT_ATTR_RDONLY))
    /// Device nodes can be made, but not used.
    package static let noDevices = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NODEV))
    /// Set-user-ID bits and file capabilities have no effect.
    package static let noPrivileges = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOSUID))
    package static let noPrograms = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOEXEC))
}
