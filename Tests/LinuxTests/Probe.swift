import Glibc
import Linux
import SystemPackage
import Testing

/// A program without any library, which tells what it sees of the sandbox that it runs in.
enum Probe {
    /// The built program; built once a process, and never removed while tests may still copy it.
    static let program: [UInt8] = build()

    private static func build() -> [UInt8] {
        guard let folder = try? ScratchFolder(in: "/tmp"), let home = try? Folder(opening: folder.path) else {
            return []
        }
        do {
            let text = try home.createFile("probe.c")
            try text.write(Array(source.utf8))
            let compiler = try ChildProcess(
                SpawnPlan(
                    arguments: ["cc", "-static", "-O1", "-o", "probe", "probe.c"],
                    environment: ["PATH=/usr/local/bin:/usr/bin:/bin"], directory: folder.path),
                try Streams.none())
            guard try compiler.wait().isSuccess else { return [] }
            return try File(try home.open("probe")).readAll(limit: 1 << 24)
        } catch {
            return []
        }
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/sched.h>
        #include <net/if.h>
        #include <sched.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ioctl.h>
        #include <sys/mount.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/sysmacros.h>
        #include <unistd.h>

        static const char *outcome(long result) { return result >= 0 ? "ok" : strerrorname_np(errno); }

        static void print_file(const char *path) {
            char line[4096];
            FILE *file = fopen(path, "r");
            if (!file) { printf("%s\n", strerrorname_np(errno)); return; }
            while (fgets(line, sizeof line, file)) fputs(line, stdout);
            fclose(file);
        }

        static void print_names(const char *path) {
            struct dirent **names;
            int count = scandir(path, &names, NULL, alphasort);
            if (count < 0) printf("%s\n", strerrorname_np(errno));
            for (int i = 0; i < count; i++)
                if (names[i]->d_name[0] != '.') printf("%s\n", names[i]->d_name);
        }

        static void escape(void) {
            int root = open("/", O_RDONLY);
            mkdir("/sub", 0755);
            if (chroot("/sub") < 0 || fchdir(root) < 0) exit(3);
            for (int i = 0; i < 64; i++) if (chdir("..") < 0) exit(4);
            if (chroot(".") < 0) exit(5);
            print_names("/");
        }

        static void calls(void) {
            printf("alg %s\n", outcome(socket(38, SOCK_SEQPACKET, 0)));
            printf("vsock %s\n", outcome(socket(40, SOCK_STREAM, 0)));
            printf("inet %s\n", outcome(socket(AF_INET, SOCK_DGRAM, 0)));
            printf("keyctl %s\n", outcome(syscall(SYS_keyctl, 0, 0, 0, 0, 0)));
            printf("bpf %s\n", outcome(syscall(SYS_bpf, 0, 0, 0)));
            printf("userfaultfd %s\n", outcome(syscall(SYS_userfaultfd, 0)));
            printf("io_uring_setup %s\n", outcome(syscall(SYS_io_uring_setup, 0, 0)));
            printf("open_by_handle_at %s\n", outcome(syscall(SYS_open_by_handle_at, 0, 0, 0)));
            printf("mount %s\n", outcome(mount("none", "/", "tmpfs", 0, NULL)));
            printf("unshare %s\n", outcome(unshare(CLONE_NEWUSER)));
            printf("clone %s\n", outcome(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
            printf("clone3 %s\n", outcome(syscall(SYS_clone3, NULL, 0)));
            printf("fchmodat2 %s\n", outcome(syscall(452, -1, "x", 0, 0)));
            printf("later %s\n", outcome(syscall(600)));
            printf("x32 %s\n", outcome(syscall(0x40000000 | SYS_getpid)));
        }

        static void nodes(void) {
            char byte;
            mknod("/dev/disk", S_IFBLK | 0600, makedev(254, 0));
            printf("dev %s\n", outcome(open("/dev/disk", O_RDONLY)));
            mknod("/disk", S_IFBLK | 0600, makedev(254, 0));
            printf("root %s\n", outcome(open("/disk", O_RDONLY)));
            printf("null %s\n", outcome(write(open("/dev/null", O_WRONLY), "x", 1)));
            printf("zero %s\n", outcome(read(open("/dev/zero", O_RDONLY), &byte, 1)));
            printf("pty %s\n", outcome(open("/dev/ptmx", O_RDWR | O_NOCTTY)));
            printf("host %s\n", outcome(open("/dev/kmsg", O_RDONLY)));
        }

        int main(int count, char **arguments) {
            const char *verb = count > 1 ? arguments[1] : "";
            const char *object = count > 2 ? arguments[2] : "";
            if (!strcmp(verb, "exit")) return atoi(object);
            else if (!strcmp(verb, "hang")) { printf("up\n"); fflush(stdout); for (;;) pause(); }
            else if (!strcmp(verb, "hang-twice")) {
                if (!fork()) { setsid(); signal(SIGTERM, SIG_IGN); printf("up\n"); fflush(stdout); for (;;) pause(); }
            } else if (!strcmp(verb, "print")) print_file(object);
            else if (!strcmp(verb, "list")) print_names(object);
            else if (!strcmp(verb, "write")) {
                printf("%s\n", outcome(open(object, O_WRONLY | O_CREAT, 0644)));
            } else if (!strcmp(verb, "remove")) { unlink(object); mkdir("/made", 0755); }
            else if (!strcmp(verb, "escape")) escape();
            else if (!strcmp(verb, "calls")) calls();
            else if (!strcmp(verb, "nodes")) nodes();
            else if (!strcmp(verb, "self")) {
                char name[256], folder[256];
                gethostname(name, sizeof name);
                printf("%d %d %s %s %o %d\n", getpid(), getsid(0), name, getcwd(folder, 256), umask(0), getuid());
                if (getenv("GREETING")) printf("%s\n", getenv("GREETING"));
                if (getenv("HOME")) printf("leak\n");
            } else if (!strcmp(verb, "loopback")) {
                struct ifreq request = {.ifr_name = "lo"};
                ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFFLAGS, &request);
                printf("%s\n", request.ifr_flags & IFF_UP ? "up" : "down");
                print_names("/sys/class/net");
            } else return 99;
            return 0;
        }
        """#
}
