import CLinux

/// What a command and the children it waited for have used, as the kernel counts it.
package struct ResourceUsage: Hashable, Sendable {
    package let userMicroseconds: Int
    package let systemMicroseconds: Int
    /// The largest resident set of any one of these processes, in bytes. A command counts the memory of the process
    /// that started it as its own, so this is never less than that.
    package let peakMemory: Int

    package var processorSeconds: Double { Double(userMicroseconds + systemMicroseconds) / 1_000_000 }

    init(_ usage: clinux_usage) {
        userMicroseconds = usage.user_microseconds
        systemMicroseconds = usage.system_microseconds
        peakMemory = usage.peak_kilobytes * 1024
    }
}
