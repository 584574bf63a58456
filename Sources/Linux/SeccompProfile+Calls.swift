import Glibc

extension SeccompProfile {
    /// The calls that are allowed whatever their arguments, by what they are about. Not among them: mounting,
    /// namespaces, modules, keys, tracing of the kernel, io_uring, userfaultfd, open_by_handle_at, clocks, accounting,
    /// quotas, swap, kexec, reboot. Calls of 32-bit x86 are named like those of 64 bits where they have the same name.
    private static let allowedCalls: [StaticString] = [
        files, folders, attributes, memory, descriptors, waiting, processes, credentials, scheduling, signals, timers,
        sockets, systemV, security, ofThisArchitecture,
    ]

    /// Calls `body` with the name of each of them.
    static func forEachAllowedCall(_ body: (UnsafePointer<CChar>) -> Void) {
        var name: [CChar] = []
        for calls in allowedCalls {
            calls.withUTF8Buffer { text in
                for word in text.split(whereSeparator: { $0 <= UInt8(ascii: " ") }) {
                    name.removeAll(keepingCapacity: true)
                    name.append(contentsOf: word.lazy.map(CChar.init(bitPattern:)))
                    name.append(0)
                    body(name)
                }
            }
        }
    }

    private static let files: StaticString = """
        access close close_range copy_file_range creat faccessat faccessat2 fadvise64 fadvise64_64 fallocate fdatasync
        fstat fstat64 fstatat64 fsync ftruncate ftruncate64 ioctl _llseek lseek lstat lstat64 name_to_handle_at
        newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile
        sendfile64 splice stat stat64 statfs statfs64 fstatfs fstatfs64 statx sync sync_file_range syncfs tee truncate
        truncate64 vmsplice write writev
        """

    private static let folders: StaticString = """
        chdir chroot fchdir getcwd getdents getdents64 inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
        fanotify_mark link linkat mkdir mkdirat mknod mknodat readlink readlinkat rename renameat renameat2 rmdir
        symlink symlinkat umask unlink unlinkat
        """

    private static let attributes: StaticString = """
        chmod chown chown32 fchmod fchmodat fchown fchown32 fchownat fgetxattr flistxattr fremovexattr fsetxattr
        futimesat getxattr lchown lchown32 lgetxattr listxattr llistxattr lremovexattr lsetxattr removexattr setxattr
        utime utimensat utimensat_time64 utimes
        """

    private static let memory: StaticString = """
        brk madvise membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap msync
        munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages
        """

    private static let descriptors: StaticString = """
        dup dup2 dup3 eventfd eventfd2 fcntl fcntl64 flock pidfd_open pidfd_send_signal pipe pipe2 signalfd signalfd4
        """

    private static let waiting: StaticString = """
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old futex
        futex_time64 futex_waitv io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup
        io_submit _newselect pause poll ppoll ppoll_time64 pselect6 pselect6_time64 select
        """

    private static let processes: StaticString = """
        execve execveat exit exit_group fork vfork get_robust_list set_robust_list get_thread_area set_thread_area
        getpgid getpgrp getpid getppid getrlimit getrusage getsid gettid kill prctl prlimit64 process_vm_readv
        process_vm_writev ptrace restart_syscall rseq setpgid setrlimit setsid set_tid_address sysinfo tgkill tkill
        times ugetrlimit uname wait4 waitid waitpid
        """

    private static let credentials: StaticString = """
        capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32
        getresuid getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups
        setgroups32 setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32
        """

    private static let scheduling: StaticString = """
        getcpu getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
        sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield setpriority
        """

    private static let signals: StaticString = """
        alarm rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
        rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn
        """

    /// Reading clocks; `adjtimex` and `clock_adjtime` set them only for those who have the right to.
    private static let timers: StaticString = """
        adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
        clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create
        timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
        timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
        """

    /// Without `socket`, which has a condition. 32-bit programs reach it through `socketcall`, whose arguments lie in
    /// memory and cannot be seen; without it they would have no network.
    private static let sockets: StaticString = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64
        recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair
        """

    private static let systemV: StaticString = """
        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
        mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt
        shmget
        """

    private static let security: StaticString = """
        getrandom landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp
        """

    #if arch(x86_64)
        private static let ofThisArchitecture: StaticString = "arch_prctl modify_ldt uretprobe"
    #elseif arch(arm64)
        private static let ofThisArchitecture: StaticString =
            "arm_fadvise64_64 arm_sync_file_range sync_file_range2 cacheflush"
    #else
        private static let ofThisArchitecture: StaticString = ""
    #endif
}

extension SeccompProfile {
    /// Every namespace that clone(2) can make.
    private static let namespaces: UInt32 = 0x7E02_0000

    /// The kernel's cipher sockets, and those of virtual machines: large surfaces that no build needs.
    private static let refusedSockets: [UInt32] = [38, 40]

    /// Linux, Linux with 32-bit addresses, either with an old `uname`, and the question which it is.
    private static let personalities: [UInt32] = [0, 0x8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF]

    /// The calls that are neither always allowed nor simply refused. `clone3` does not exist, because its flags lie in
    /// memory and cannot be seen: C libraries then use `clone`.
    static let otherCalls: [String: FilterProgram.Verdict] = [
        "clone": .allowFirst(.hasNone(of: namespaces)),
        "clone3": .refuse(ENOSYS),
        "socket": .allowFirst(.isNone(of: refusedSockets)),
        "personality": .allowFirst(.isOne(of: personalities)),
    ]
}
