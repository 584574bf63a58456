import Glibc

extension SeccompProfile {
    /// The usual profile, widened by what is of use only to those who have one of `capabilities`.
    package static func container(with capabilities: Capabilities) -> SeccompProfile {
        let more = callsByCapability.filter { !capabilities.isDisjoint(with: Capabilities(name: $0.key) ?? []) }
        guard !more.isEmpty else { return container }
        return SeccompProfile(allowing: Set(more.values.flatMap { $0.split(separator: " ").map(String.init) }))
    }

    /// The calls that a capability is asked for by, and that the usual profile refuses to everybody.
    private static let callsByCapability = [
        "DAC_READ_SEARCH": "open_by_handle_at",
        "SYS_ADMIN": """
        bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount \
        open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare
        """,
        "SYS_BOOT": "reboot",
        "SYS_MODULE": "delete_module finit_module init_module",
        "SYS_NICE": "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
        "SYS_PACCT": "acct",
        "SYS_PTRACE": "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace",
        "SYS_RAWIO": "ioperm iopl",
        "SYS_TIME": "clock_settime clock_settime64 settimeofday stime",
        "SYS_TTY_CONFIG": "vhangup",
        "SYSLOG": "syslog",
        "BPF": "bpf",
        "PERFMON": "perf_event_open",
    ]
}
