import Glibc

/// A program for the kernel's packet filter that decides about system calls.
///
///     architecture?  ──▶ number?  ──▶ range ──▶ answer
///                                           └─▶ first argument? ──▶ answer
///
/// Each architecture has a tree over its ranges of numbers, so a call costs a handful of comparisons.
struct FilterProgram {
    /// What happens to a call.
    enum Verdict: Hashable {
        case allow
        /// The call does nothing and fails with this `errno`.
        case refuse(Int32)
        /// Allowed if the lower half of the first argument fits, else refused with `EPERM`. The kernel's own
        /// parameters are no wider, so the upper half cannot be used to get past.
        case allowFirst(ArgumentTest)
    }

    enum ArgumentTest: Hashable {
        case hasNone(of: UInt32)
        case isOne(of: [UInt32])
        case isNone(of: [UInt32])
    }

    /// All numbers from `start` to that of the next range.
    struct Range: Hashable {
        let start: UInt32
        let verdict: Verdict
    }

    /// Each a `struct sock_filter`.
    let instructions: [UInt64]

    /// `architectures` are audit numbers, each with ranges in ascending order, the first of which starts at 0. Calls of
    /// any other architecture end the process.
    init(_ architectures: [(audit: UInt32, ranges: [Range])]) {
        var head = [Self.load(at: 4)]
        var body: [UInt64] = []
        let headSize = 1 + 2 * architectures.count + 1
        for architecture in architectures {
            head.append(Self.instruction(.jumpIfEqual, architecture.audit, ifFalse: 1))
            head.append(Self.skip(headSize - head.count - 1 + body.count))
            body += [Self.load(at: 0)] + Self.tree(architecture.ranges[...])
        }
        head.append(Self.instruction(.answer, 0x8000_0000))
        instructions = head + body
    }

    private static func tree(_ ranges: ArraySlice<Range>) -> [UInt64] {
        guard ranges.count > 1 else { return ranges.first.map { leaf($0.verdict) } ?? [] }
        let middle = ranges.startIndex + ranges.count / 2
        let (below, above) = (tree(ranges[..<middle]), tree(ranges[middle...]))
        if let distance = UInt8(exactly: below.count) {
            return [instruction(.jumpIfAtLeast, ranges[middle].start, ifTrue: distance)] + below + above
        }
        return [instruction(.jumpIfAtLeast, ranges[middle].start, ifFalse: 1), skip(below.count)] + below + above
    }

    private static func leaf(_ verdict: Verdict) -> [UInt64] {
        switch verdict {
        case .allow: [allow]
        case .refuse(let errno): [refuse(errno)]
        case .allowFirst(.hasNone(of: let bits)):
            [load(at: 16), instruction(.jumpIfAnySet, bits, ifTrue: 1), allow, refuse(EPERM)]
        case .allowFirst(.isOne(of: let values)): [load(at: 16)] + search(values, found: allow, else: refuse(EPERM))
        case .allowFirst(.isNone(of: let values)): [load(at: 16)] + search(values, found: refuse(EPERM), else: allow)
        }
    }

    private static func search(_ values: [UInt32], found: UInt64, else missing: UInt64) -> [UInt64] {
        let tests = values.enumerated().map { index, value in
            instruction(.jumpIfEqual, value, ifTrue: UInt8(truncatingIfNeeded: values.count - index))
        }
        return tests + [missing, found]
    }
}

extension FilterProgram {
    private enum Operation: UInt16 {
        case load = 0x20
        case skip = 0x05
        case jumpIfEqual = 0x15
        case jumpIfAtLeast = 0x35
        case jumpIfAnySet = 0x45
        case answer = 0x06
    }

    private static let allow = instruction(.answer, 0x7FFF_0000)

    private static func refuse(_ errno: Int32) -> UInt64 {
        instruction(.answer, 0x0005_0000 | UInt32(truncatingIfNeeded: errno))
    }

    /// Loads a word of `struct seccomp_data`: the number at 0, the architecture at 4, the first argument at 16.
    private static func load(at offset: UInt32) -> UInt64 { instruction(.load, offset) }

    private static func skip(_ count: Int) -> UInt64 { instruction(.skip, UInt32(truncatingIfNeeded: count)) }

    private static func instruction(
        _ operation: Operation, _ operand: UInt32, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0
    ) -> UInt64 {
        UInt64(operation.rawValue) | UInt64(ifTrue) << 16 | UInt64(ifFalse) << 24 | UInt64(operand) << 32
    }
}
