import CSeccomp
import Glibc

/// Which system calls a command may make, as a program that the kernel runs at each of them.
package struct SeccompProfile: Hashable, Sendable {
    /// The program, an instruction of eight bytes a number.
    let instructions: [UInt64]

    /// The usual profile of a container whose user 0 has `Capabilities.container`.
    ///
    /// libseccomp knows the numbers of all calls on all architectures. The program is our own: the library's takes many
    /// times as long to make, and to install at every start.
    package static let container = SeccompProfile(allowing: [])

    /// The usual profile, and these calls as well.
    init(allowing more: Set<String>) {
        instructions =
            FilterProgram(Self.architectures.map { ($0, Self.ranges(of: $0, allowing: more)) }).instructions
    }
}

extension SeccompProfile {
    /// The audit numbers of those whose programs this machine can run. x32 is not among them: its calls have the audit
    /// number of x86-64 and numbers that do not exist there.
    private static var architectures: [UInt32] {
        #if arch(x86_64)
            [0xC000_003E, intel32]
        #elseif arch(arm64)
            [0xC000_00B7, 0x4000_0028]
        #else
            [seccomp_arch_native()]
        #endif
    }

    private static let intel32: UInt32 = 0x4000_0003

    /// The last number that the tables name; `set_mempolicy_home_node` everywhere.
    private static let lastKnown: UInt32 = 450

    /// The allowed calls of later kernels, which have the same numbers on every architecture: cachestat, fchmodat2,
    /// map_shadow_stack, futex_wake, futex_wait, futex_requeue, statmount, listmount, mseal, setxattrat, getxattrat,
    /// listxattrat, removexattrat.
    private static let allowedLater: [UInt32] = [451, 452, 453, 454, 455, 456, 457, 458, 462, 463, 464, 465, 466]

    /// What 32-bit x86 once did through `socketcall` and `ipc` and can do directly by now: recvmmsg, sendmmsg, the other
    /// calls on sockets, System V. libseccomp tells no numbers for these.
    private static let intel32Direct: [UInt32] = [337, 345] + Array(360...373) + Array(393...402)
    private static let intel32Socket: UInt32 = 359

    /// Known calls that are not allowed fail with `EPERM`. Unknown ones do not exist, so that a C library tries what it
    /// did before they came.
    private static func ranges(of architecture: UInt32, allowing more: Set<String>) -> [FilterProgram.Range] {
        let end = (allowedLater.max() ?? lastKnown) + 1
        var verdicts = (0...end).map { FilterProgram.Verdict.refuse($0 > lastKnown ? ENOSYS : EPERM) }
        /// For a call that the architecture has not, or that this machine's libseccomp does not know, the number is none.
        func set(_ number: Int32, _ verdict: FilterProgram.Verdict) {
            if verdicts.indices.contains(Int(number)) { verdicts[Int(number)] = verdict }
        }
        if architecture == intel32 { for number in intel32Direct { set(Int32(number), .allow) } }
        forEachAllowedCall { set(seccomp_syscall_resolve_name_arch(architecture, $0), .allow) }
        for (name, verdict) in otherCalls { set(seccomp_syscall_resolve_name_arch(architecture, name), verdict) }
        if architecture == intel32, let socket = otherCalls["socket"] { set(Int32(intel32Socket), socket) }
        for name in more { set(seccomp_syscall_resolve_name_arch(architecture, name), .allow) }
        for number in allowedLater { set(Int32(number), .allow) }

        var ranges: [FilterProgram.Range] = []
        for (number, verdict) in zip(0...end, verdicts) where ranges.last?.verdict != verdict {
            ranges.append(FilterProgram.Range(start: number, verdict: verdict))
        }
        return ranges
    }
}
