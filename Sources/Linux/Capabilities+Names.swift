extension Capabilities {
    /// The names of capabilities(7) without `CAP_`; each stands at its number.
    private static let allNames = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ]

    /// All that have a name. A command never gets more of them than this process has.
    package static let all = Capabilities(rawValue: (1 << UInt64(allNames.count)) - 1)

    /// The capability of a name, whatever its letter case, with or without `CAP_`; `nil` if there is none.
    package init?(name: String) {
        let upper = name.uppercased()
        let short = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        guard let number = Self.allNames.firstIndex(of: short) else { return nil }
        self.init(rawValue: 1 << UInt64(number))
    }

    /// The names, without `CAP_`, in the order of the numbers.
    package var names: [String] {
        Self.allNames.enumerated().filter { rawValue >> UInt64($0.offset) & 1 == 1 }.map(\.element)
    }
}
