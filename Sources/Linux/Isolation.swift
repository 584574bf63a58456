package import SystemPackage

/// What stands between a command and the machine: its user, powers, mounts and names.
package struct Isolation: Sendable {
    package enum Network: Hashable, Sendable {
        /// The network of this process.
        case host
        /// A loopback device and nothing else.
        case loopback
    }

    /// How much of the machine shows.
    package enum Exposure: Hashable, Sendable {
        /// `/sys` can only be read, and no device node works but the six that every program expects.
        case little
        /// `/sys` can be written, device nodes work in `/dev`, and those of loop devices are there.
        case machine
    }

    /// A mount, or a part of one, and where in the root it goes.
    ///
    /// Both paths are resolved so that no link leads out of the mount or the root. The target must exist, unless it lies
    /// within an earlier attachment or `/dev` and may be made there.
    package final class Attachment: Sendable {
        /// What is made at the target if nothing is there; folders above it too.
        package enum Missing: Hashable, Sendable {
            case folder
            case file
        }

        let mount: Mount
        let part: FilePath
        let target: FilePath
        let missing: Missing?

        /// The mount is attached once and for all: an attachment belongs to one command.
        package init(
            _ mount: consuming Mount, part: FilePath = "", at target: FilePath, missing: Missing? = nil
        ) {
            self.mount = mount
            self.part = part
            self.target = target
            self.missing = missing
        }
    }

    package var user: UInt32 = 0
    package var group: UInt32 = 0
    package var supplementaryGroups: [UInt32] = []
    package var hostName = "localhost"
    package var network = Network.host
    package var exposure = Exposure.little
    /// Attached in this order, over `/proc`, `/sys` and `/dev`.
    package var attachments: [Attachment] = []
    package var capabilities = Capabilities.container
    /// `nil` for no filter.
    package var filter: SeccompProfile? = SeccompProfile.container
    package var maskedPaths = Isolation.usuallyMasked
    package var readOnlyPaths = Isolation.usuallyReadOnly
    /// The size of `/dev/shm` in bytes.
    package var sharedMemory: UInt64 = 64 << 20

    package init() {}
}

extension Isolation {
    /// What says too much about the machine, or does too much to it.
    package static let usuallyMasked: [FilePath] =
        [
            "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
            "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
            "/sys/devices/virtual/powercap", "/sys/firmware",
        ] + throttleCounters

    /// What changes the machine when written.
    package static let usuallyReadOnly: [FilePath] = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// One folder a processor, where the hardware has them; they tell neighbours what the machine is busy with.
    private static let throttleCounters: [FilePath] = {
        let processors: FilePath = "/sys/devices/system/cpu"
        guard let folder = try? Folder(opening: processors), let entries = try? folder.entries() else { return [] }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        // Beside them lie files about all processors.
        return entries.filter { $0.name.last.map(digits.contains) == true }.map(\.path).filter {
            (try? folder.status(of: $0.appending("thermal_throttle"))) != FileStatus?.none
        }
        .map { processors.appending($0.components).appending("thermal_throttle") }
    }()
}
