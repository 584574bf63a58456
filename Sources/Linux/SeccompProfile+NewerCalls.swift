import Glibc

extension SeccompProfile {
    /// The highest number that the tables of allowed calls can name with every libseccomp: `set_mempolicy_home_node`.
    private static let lastKnown: UInt32 = 450

    /// The allowed calls of kernels after 5.17, which have the same numbers on every architecture: cachestat,
    /// fchmodat2, map_shadow_stack, futex_wake, futex_wait, futex_requeue, statmount, listmount, mseal, setxattrat,
    /// getxattrat, listxattrat, removexattrat.
    private static let allowedNewer: [UInt32] = [451, 452, 453, 454, 455, 456, 457, 458, 462, 463, 464, 465, 466]

    /// Decides about calls that libseccomp may not know, before its own program gets to see the others.
    ///
    ///     x32 calls, and numbers up to `lastKnown`  → the program behind
    ///     `allowedNewer`                            → allowed
    ///     all others                                → ENOSYS, so that a C library tries what it did before they came
    static var newerCallsPrologue: [UInt64] {
        let count = UInt8(allowedNewer.count)
        var program = [
            instruction(loadNumber, 0),
            instruction(jumpIfAnySet, 0x4000_0000, ifTrue: count + 3),
            instruction(jumpIfGreater, lastKnown, ifFalse: count + 2),
        ]
        for (index, number) in allowedNewer.enumerated() {
            program.append(instruction(jumpIfEqual, number, ifTrue: count - UInt8(index)))
        }
        program.append(instruction(answer, 0x0005_0000 | UInt32(ENOSYS)))
        program.append(instruction(answer, 0x7FFF_0000))
        return program
    }

    private static let loadNumber: UInt16 = 0x20
    private static let jumpIfEqual: UInt16 = 0x15
    private static let jumpIfGreater: UInt16 = 0x25
    private static let jumpIfAnySet: UInt16 = 0x45
    private static let answer: UInt16 = 0x06

    /// A `struct sock_filter`: code, jump if true, jump if false, operand.
    private static func instruction(
        _ code: UInt16, _ operand: UInt32, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0
    ) -> UInt64 {
        UInt64(code) | UInt64(ifTrue) << 16 | UInt64(ifFalse) << 24 | UInt64(operand) << 32
    }
}
