import CLinux
import SystemPackage

/// A pipe: what is written to one end is read from the other.
package struct Pipe: ~Copyable, Sendable {
    package let reading: OwnedDescriptor
    private var writing: OwnedDescriptor?

    package init() throws(SyscallError) {
        var ends: [Int32] = [-1, -1]
        try checkShim("pipe") { clinux_pipe(&ends) }
        reading = OwnedDescriptor(ends[0])
        writing = OwnedDescriptor(ends[1])
    }

    /// Gives the writing end away, which can be done once. The pipe ends when all who have it have closed it.
    package mutating func takeWritingEnd() throws(SyscallError) -> OwnedDescriptor {
        guard let end = writing.take() else { throw SyscallError("pipe", "writing end", .badFileDescriptor) }
        return end
    }

    /// Gives the reading end away, and closes the other one unless it was taken before.
    package consuming func takeReadingEnd() -> OwnedDescriptor { reading }
}
