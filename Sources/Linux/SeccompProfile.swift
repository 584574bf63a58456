import CLinux
import CSeccomp
import Glibc
import SystemPackage

/// Which system calls a command may make, as a program that the kernel runs at each of them.
package struct SeccompProfile: Hashable, Sendable {
    /// The program, an instruction of eight bytes a number.
    let instructions: [UInt64]

    /// The usual profile of a container whose user 0 has `Capabilities.container`; `nil` if this machine's libseccomp
    /// cannot make it.
    ///
    /// Made once, at first use: it takes longer than starting a command.
    package static let container: SeccompProfile? = try? SeccompProfile.makeContainer()
}

extension SeccompProfile {
    private static let allow: UInt32 = 0x7FFF_0000

    private static func refuse(_ errno: Int32) -> UInt32 { 0x0005_0000 | UInt32(truncatingIfNeeded: errno) }

    /// Everything that is not allowed fails with `EPERM`.
    static func makeContainer() throws(SyscallError) -> SeccompProfile {
        guard let context = seccomp_init(refuse(EPERM)) else { throw SyscallError("seccomp_init", "", .noMemory) }
        defer { seccomp_release(context) }
        try addArchitectures(to: context)
        // A tree instead of a list: at most a dozen comparisons for any call.
        try checkShim("seccomp_attr_set") { seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) }

        for name in allowedCalls { try add(name, allow, [], to: context) }
        for rule in conditionalCalls { try add(rule.name, allow, [rule.condition], to: context) }
        // glibc then falls back to clone, whose flags can be seen.
        try add("clone3", refuse(ENOSYS), [], to: context)
        return SeccompProfile(instructions: newerCallsPrologue + (try export(context)))
    }

    private static func addArchitectures(to context: scmp_filter_ctx) throws(SyscallError) {
        #if arch(x86_64)
            for architecture in [x86, x32] {
                try checkShim("seccomp_arch_add") { seccomp_arch_add(context, architecture) }
            }
        #endif
    }

    /// `SCMP_ARCH_X86` and `SCMP_ARCH_X32`, macros too complex to be imported: the machine's number, little-endian.
    private static let x86: UInt32 = 3 | 0x4000_0000
    private static let x32: UInt32 = 62 | 0x4000_0000

    /// Names that this machine's libseccomp does not know are left out: they then fail like all that are not allowed.
    private static func add(
        _ name: String, _ action: UInt32, _ conditions: [scmp_arg_cmp], to context: scmp_filter_ctx
    ) throws(SyscallError) {
        let number = seccomp_syscall_resolve_name(name)
        guard number != -1 else { return }
        try checkShim("seccomp_rule_add", name) {
            seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions)
        }
    }

    private static func export(_ context: scmp_filter_ctx) throws(SyscallError) -> [UInt64] {
        let number = try checkShim("memfd_create") { clinux_memfd_create("filter") }
        let file = File(OwnedDescriptor(Int32(truncatingIfNeeded: number)))
        try checkShim("seccomp_export_bpf") { seccomp_export_bpf(context, file.number) }
        try file.seek(to: 0)
        let bytes = try file.readAll(limit: 1 << 20)
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
            bytes[start..<start + 8].withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        }
    }
}
