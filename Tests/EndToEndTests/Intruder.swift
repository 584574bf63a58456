import Testing

/// A program without any library that tries one door of its sandbox after the other.
///
/// It writes a line for each: the door's name and `shut`, or `OPEN` and what it got. On the host, where the same
/// doors are open, it shows that it would notice.
enum Intruder {
    private static let built = Result { () throws -> [UInt8] in
        let bench = try Bench()
        try bench.write("intruder.c", source)
        try bench.shell("cc -static -O1 -Wall -Werror -o intruder intruder.c")
        return try bench.read("intruder")
    }

    /// The built program.
    static func program() throws -> [UInt8] { try built.get() }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <sched.h>
        #include <signal.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mount.h>
        #include <sys/ptrace.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/sysmacros.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <unistd.h>

        static const char *canary;

        static void tell(const char *door, long result) {
            if (result < 0) printf("%s shut\n", door);
            else printf("%s OPEN %ld\n", door, result);
            fflush(stdout);
        }

        static long at(const char *folder) {
            char path[8192];
            snprintf(path, sizeof path, "%s%s", folder, canary);
            return open(path, O_RDWR);
        }

        static long holds(const char *path, const char *text) {
            static char bytes[1 << 20];
            int file = open(path, O_RDONLY);
            long count = file < 0 ? -1 : read(file, bytes, sizeof bytes);
            return count > 0 && memmem(bytes, count, text, strlen(text)) ? count : -1;
        }

        static void escape(void) {
            int root = open("/", O_RDONLY);
            mkdir("/sub", 0755);
            if (chroot("/sub") < 0 || fchdir(root) < 0) { tell("chroot", -1); return; }
            for (int i = 0; i < 64; i++) if (chdir("..") < 0) break;
            if (chroot(".") < 0) { tell("chroot", -1); return; }
            tell("chroot", at(""));
        }

        static void descriptors(void) {
            DIR *folder = opendir("/proc/self/fd");
            long found = -1;
            for (struct dirent *entry; folder && (entry = readdir(folder));)
                if (atoi(entry->d_name) > 2 && atoi(entry->d_name) != dirfd(folder)) found = atoi(entry->d_name);
            tell("descriptors", folder ? found : 0);
        }

        static void processes(int host) {
            tell("root-of-1", at("/proc/1/root"));
            tell("cwd-of-1", at("/proc/1/cwd/../../../../.."));
            tell("environment", getenv("HOSTSECRET") ? 0 : -1);
            tell("environment-of-self", holds("/proc/self/environ", "HOSTSECRET="));
            tell("environment-of-1", holds("/proc/1/environ", "HOSTSECRET="));
            char path[64];
            snprintf(path, sizeof path, "/proc/%d/environ", host);
            tell("environment-of-host", open(path, O_RDONLY));
            tell("signal", kill(host, 0));
            tell("ptrace", ptrace(PTRACE_ATTACH, host, 0, 0));
            tell("pidfd", syscall(SYS_pidfd_open, host, 0));
        }

        static void devices(unsigned disk) {
            mknod("/dev/disk", S_IFBLK | 0600, disk);
            tell("disk-in-dev", open("/dev/disk", O_RDONLY));
            mknod("/disk", S_IFBLK | 0600, disk);
            tell("disk-in-root", open("/disk", O_RDONLY));
            mknod("/memory", S_IFCHR | 0600, makedev(1, 1));
            tell("memory", open("/memory", O_RDONLY));
            mknod("/messages", S_IFCHR | 0600, makedev(1, 11));
            tell("messages", open("/messages", O_RDONLY));
        }

        static void calls(void) {
            mkdir("/mnt", 0755);
            tell("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
            tell("mount-proc", mount("proc", "/mnt", "proc", 0, NULL));
            tell("bind", mount("/", "/mnt", NULL, MS_BIND, NULL));
            tell("remount", mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL));
            tell("unmount", umount2("/proc", MNT_DETACH));
            tell("open-tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
            tell("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
            tell("pivot-root", syscall(SYS_pivot_root, "/", "/mnt"));
            tell("unshare-mounts", unshare(CLONE_NEWNS));
            tell("unshare-users", unshare(CLONE_NEWUSER));
            tell("namespaces", setns(open("/proc/1/ns/mnt", O_RDONLY), 0));
            tell("alg", socket(38, SOCK_SEQPACKET, 0));
            tell("vsock", socket(40, SOCK_STREAM, 0));
            tell("keyctl", syscall(SYS_keyctl, 0, -3, 0, 0, 0));
            tell("add-key", syscall(SYS_add_key, "user", "x", "y", 1, -3));
            tell("bpf", syscall(SYS_bpf, 0, 0, 0));
            tell("userfaultfd", syscall(SYS_userfaultfd, 0));
            tell("io-uring", syscall(SYS_io_uring_setup, 0, 0));
            tell("handles", syscall(SYS_open_by_handle_at, AT_FDCWD, 0, 0));
            tell("perf", syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
            tell("module", syscall(SYS_init_module, "", 0, ""));
            tell("host-name", sethostname("intruder", 8));
        }

        static void settings(void) {
            const char *paths[] = {
                "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches",
                "/proc/sysrq-trigger", "/proc/irq/default_smp_affinity", "/sys/kernel/uevent_helper",
                "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/power/state", "/proc/kcore",
            };
            for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) tell(paths[i], open(paths[i], O_RDWR));
            const char *hidden[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"};
            char name[64], byte;
            for (unsigned i = 0; i < sizeof hidden / sizeof *hidden; i++) {
                int file = open(hidden[i], O_RDONLY);
                snprintf(name, sizeof name, "read %s", hidden[i]);
                tell(name, file >= 0 && read(file, &byte, 1) > 0 ? 0 : -1);
            }
            tell("write-sys", open("/sys/fs/intruder", O_WRONLY | O_CREAT, 0600));
        }

        static void network(int port, const char *name) {
            struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons(port)};
            inet_pton(AF_INET, "127.0.0.1", &inet.sin_addr);
            tell("inet", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&inet, sizeof inet));
            struct sockaddr_un unix_ = {.sun_family = AF_UNIX};
            strcpy(unix_.sun_path + 1, name);
            socklen_t length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
            tell("abstract", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&unix_, length));
            inet_pton(AF_INET, "192.0.2.1", &inet.sin_addr);
            tell("outside", connect(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)&inet, sizeof inet));
        }

        static void status(void) {
            char line[256];
            unsigned long long value;
            FILE *file = fopen("/proc/self/status", "r");
            while (file && fgets(line, sizeof line, file)) {
                if (sscanf(line, "CapInh: %llx", &value) == 1) tell("inheritable", value ? 0 : -1);
                if (sscanf(line, "CapAmb: %llx", &value) == 1) tell("ambient", value ? 0 : -1);
                if (sscanf(line, "CapBnd: %llx", &value) == 1) tell("bounding", value & ~0xa80425fbULL ? 0 : -1);
                if (sscanf(line, "Seccomp: %llu", &value) == 1) tell("filter", value == 2 ? -1 : 0);
            }
        }

        /* A daemon by the book, which keeps standard output open and ignores what can be ignored. */
        static void linger(void) {
            if (fork()) return;
            setsid();
            for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
            if (fork()) _exit(0);
            for (;;) pause();
        }

        int main(int count, char **arguments) {
            const char *verb = count > 1 ? arguments[1] : "";
            canary = getenv("CANARY");
            if (!canary) return 99;
            if (!strcmp(verb, "network") && count == 4) network(atoi(arguments[2]), arguments[3]);
            else if (!strcmp(verb, "reach")) { tell("canary", at("")); tell("secret", getenv("HOSTSECRET") ? 0 : -1); }
            else if (!strcmp(verb, "linger")) linger();
            else if (!strcmp(verb, "all") && count == 4) {
                descriptors();
                status();
                processes(atoi(arguments[2]));
                devices(strtoul(arguments[3], NULL, 10));
                settings();
                calls();
                tell("canary", at(""));
                escape();
            } else return 99;
            return 0;
        }
        """#
}
