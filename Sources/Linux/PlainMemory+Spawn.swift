import CLinux
import Glibc
import SystemPackage

extension PlainMemory {
    /// This process, for its children to see whether it still lives.
    private static let ownProcess = clinux_pidfd_open(getpid())

    /// Asked before the first child, because children that change their user change it.
    private static let dumpable = clinux_dumpable()

    func spawn(_ plan: SpawnPlan, _ streams: borrowing Streams) throws(SyscallError) -> clinux_spawn {
        guard let program = plan.arguments.first, !program.isEmpty else {
            throw SyscallError("execve", "", .noSuchFileOrDirectory)
        }
        for string in plan.arguments + plan.environment where string.utf8.contains(0) {
            throw SyscallError("execve", string, .invalidArgument)
        }
        let parent = try checkShim("pidfd_open") { Self.ownProcess }

        var spawn = clinux_spawn()
        spawn.programs = UnsafePointer(constantList(plan.candidates.map(\.utf8)))
        spawn.arguments = UnsafePointer(list(plan.arguments.map(\.utf8)))
        spawn.environment = UnsafePointer(list(plan.environment.map(\.utf8)))
        if let directory = plan.directory { spawn.directory = UnsafePointer(string(directory.bytes)) }
        spawn.streams = (streams.input.number, streams.output.number, streams.error.number)
        spawn.parent = Int32(truncatingIfNeeded: parent)
        spawn.dumpable = Int32(truncatingIfNeeded: Self.dumpable)
        spawn.new_session = plan.session == .inherited ? 0 : 1
        spawn.takes_terminal = plan.session == .ownTerminal ? 1 : 0
        spawn.limits = UnsafePointer(
            array(plan.limits.map { clinux_limit(resource: $0.resource, soft: UInt($0.soft), hard: UInt($0.hard)) }))
        spawn.limit_count = UInt(plan.limits.count)
        return spawn
    }

    func sandbox(
        _ isolation: Isolation, _ root: borrowing Mount
    ) throws(SyscallError) -> UnsafePointer<clinux_sandbox> {
        let attachments = isolation.attachments.map {
            clinux_attachment(
                source: $0.mount.number, part: string($0.part.bytes), target: string($0.target.bytes),
                missing: $0.missing.map { $0 == .folder ? clinux_place_folder : clinux_place_file }
                    ?? clinux_place_kept)
        }
        var sandbox = clinux_sandbox()
        sandbox.root = root.number
        sandbox.attachments = UnsafePointer(array(attachments))
        sandbox.attachment_count = UInt(attachments.count)
        sandbox.masked = UnsafePointer(constantList(isolation.maskedPaths.map(\.bytes)))
        sandbox.read_only = UnsafePointer(constantList(isolation.readOnlyPaths.map(\.bytes)))
        sandbox.shared_memory = UnsafePointer(string(String(isolation.sharedMemory).utf8))
        sandbox.host_name = UnsafePointer(string(isolation.hostName.utf8))
        sandbox.own_network = isolation.network == .loopback ? 1 : 0
        sandbox.shows_machine = isolation.exposure == .machine ? 1 : 0
        sandbox.user = isolation.user
        sandbox.group = isolation.group
        sandbox.groups = UnsafePointer(array(isolation.supplementaryGroups))
        sandbox.group_count = UInt(isolation.supplementaryGroups.count)
        sandbox.capabilities = UInt(isolation.capabilities.rawValue)
        if let filter = isolation.filter {
            sandbox.filter = UnsafeRawPointer(array(filter.instructions))
            sandbox.filter_length = UInt16(truncatingIfNeeded: filter.instructions.count)
        }
        return UnsafePointer(array([sandbox]))
    }
}
