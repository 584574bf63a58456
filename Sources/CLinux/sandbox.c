#define _GNU_SOURCE
#include "clinux_files.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/*  the host's root, private to this namespace
      workshop      a tmpfs with the device nodes, and a place for mounts of which only a part is wanted
        root        the step's
          proc sys dev attachments…

    pivot_root puts the step's root in the host's place; what it covers is then let go, the workshop with it. */

enum { no_devices = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, plain = no_devices | MOUNT_ATTR_NOEXEC };

/* A new file system as a detached mount; `options` are key, value, key, value, NULL. */
static int make(const char *type, const char *const *options, unsigned int attributes) {
    int context = fsopen(type, FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    int mount = 0;
    for (; *options && mount == 0; options += 2) mount = fsconfig(context, FSCONFIG_SET_STRING, options[0], options[1], 0);
    if (mount == 0) mount = fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
    if (mount == 0) mount = fsmount(context, FSMOUNT_CLOEXEC, attributes);
    int error = errno;
    close(context);
    errno = error;
    return mount;
}

static int open_inside(int root, const char *path) {
    unsigned long resolve = CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS;
    long place = clinux_openat2(root, path, O_PATH | O_CLOEXEC, 0, resolve);
    if (place >= 0) return (int)place;
    errno = (int)-place;
    return -1;
}

static int attach_at(int mount, int place) {
    return move_mount(mount, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

/* Puts a mount on a path inside the root; both descriptors stay open only as long as this takes. */
static int attach(struct clinux_spawn *plan, int mount, const char *target) {
    if (mount < 0) return clinux_failed(plan, "mount", target);
    int place = open_inside(plan->sandbox->root, target);
    if (place < 0) return clinux_failed(plan, "openat2", target);
    if (attach_at(mount, place) < 0) return clinux_failed(plan, "move_mount", target);
    close(place);
    return 0;
}

int clinux_leave_chroot(void) {
    int below = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (below < 0 || chroot("/proc") < 0 || fchdir(below) < 0) return -1;
    close(below);
    struct stat here = {0}, above = {0};
    do {
        if (stat(".", &here) < 0 || chdir("..") < 0 || stat(".", &above) < 0) return -1;
    } while (here.st_ino != above.st_ino || here.st_dev != above.st_dev);
    return chroot(".");
}

static int make_private(struct clinux_spawn *plan) {
    if (clinux_leave_chroot() < 0) return clinux_failed(plan, "chroot", "..");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return clinux_failed(plan, "mount", "/");
    return 0;
}

static const struct node {
    const char *name;
    unsigned int major, minor;
} nodes[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
static const unsigned long node_count = sizeof nodes / sizeof *nodes;

/* So that `mount -o loop` works where a command may mount; which device is free, the kernel says. */
static int make_loop_devices(struct clinux_spawn *plan, int devices) {
    char name[] = "loop0";
    if (mknodat(devices, "loop-control", S_IFCHR | 0660, makedev(10, 237)) < 0)
        return clinux_failed(plan, "mknod", "loop-control");
    for (unsigned int i = 0; i < 8; i++) {
        name[4] = (char)('0' + i);
        if (mknodat(devices, name, S_IFBLK | 0660, makedev(7, i)) < 0) return clinux_failed(plan, "mknod", name);
    }
    return 0;
}

/* The one file system of a step on which device nodes work; the step itself never sees more of it than the six. */
static int make_workshop(struct clinux_spawn *plan) {
    static const char *const options[] = {"mode", "0700", NULL};
    int workshop = make("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (workshop < 0) return clinux_failed(plan, "mount", "tmpfs");
    for (unsigned long i = 0; i < node_count; i++)
        if (mknodat(workshop, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)) < 0)
            return clinux_failed(plan, "mknod", nodes[i].name);
    if (mkdirat(workshop, "part", 0700) < 0 || mkdirat(workshop, "empty", 0700) < 0)
        return clinux_failed(plan, "mkdir", "workshop");
    if (move_mount(workshop, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "move_mount", "workshop");
    return workshop;
}

/* A fresh /dev without the right to use other device nodes that a command may make in it. */
static int make_devices(struct clinux_spawn *plan, int workshop) {
    static const char *const options[] = {"mode", "0755", "size", "65536k", NULL};
    static const char *const links[][2] = {{"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"},
        {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"}, {"pts/ptmx", "ptmx"}, {"/proc/kcore", "core"}};
    static const char *const folders[] = {"pts", "shm", "mqueue"};

    int shows_machine = plan->sandbox->shows_machine;
    int devices = make("tmpfs", options, shows_machine ? MOUNT_ATTR_NOSUID : no_devices);
    if (devices < 0) return clinux_failed(plan, "mount", "/dev");
    for (unsigned long i = 0; i < sizeof links / sizeof *links; i++)
        if (symlinkat(links[i][0], devices, links[i][1]) < 0) return clinux_failed(plan, "symlink", links[i][1]);
    for (unsigned long i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdirat(devices, folders[i], 0755) < 0) return clinux_failed(plan, "mkdir", folders[i]);
    for (unsigned long i = 0; i < node_count; i++)
        if (mknodat(devices, nodes[i].name, S_IFREG | 0666, 0) < 0) return clinux_failed(plan, "mknod", nodes[i].name);
    if (shows_machine && make_loop_devices(plan, devices) < 0) return -1;
    if (attach(plan, devices, "/dev") < 0) return -1;

    for (unsigned long i = 0; i < node_count; i++) {
        int node = open_tree(workshop, nodes[i].name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (node < 0 || move_mount(node, "", devices, nodes[i].name, MOVE_MOUNT_F_EMPTY_PATH) < 0)
            return clinux_failed(plan, "move_mount", nodes[i].name);
        close(node);
    }
    return devices;
}

static int mount_below_devices(struct clinux_spawn *plan, int devices) {
    static const char *const terminals[] = {"ptmxmode", "0666", "mode", "0620", "gid", "5", NULL};
    static const char *const none[] = {NULL};
    const char *const memory[] = {"mode", "1777", "size", plan->sandbox->shared_memory, NULL};

    int mount = make("devpts", terminals, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (mount < 0 || move_mount(mount, "", devices, "pts", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "mount", "/dev/pts");
    close(mount);
    mount = make("tmpfs", memory, plain);
    if (mount < 0 || move_mount(mount, "", devices, "shm", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "mount", "/dev/shm");
    close(mount);
    mount = make("mqueue", none, plain);
    if (mount < 0 && errno == ENODEV) return 0; /* a kernel without message queues */
    if (mount < 0 || move_mount(mount, "", devices, "mqueue", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "mount", "/dev/mqueue");
    close(mount);
    return 0;
}

static int mount_system(struct clinux_spawn *plan, int workshop) {
    static const char *const none[] = {NULL};
    int mount = make("proc", none, plain);
    if (attach(plan, mount, "/proc") < 0) return -1;
    close(mount);
    mount = make("sysfs", none, plan->sandbox->shows_machine ? plain : plain | MOUNT_ATTR_RDONLY);
    if (attach(plan, mount, "/sys") < 0) return -1;
    close(mount);

    int devices = make_devices(plan, workshop);
    if (devices < 0 || mount_below_devices(plan, devices) < 0) return -1;
    close(devices);
    return 0;
}

/* Only what is attached in our own namespace can be cloned before Linux 6.15, so the whole passes through the
   workshop first. */
static int open_part(struct clinux_spawn *plan, int workshop, const struct clinux_attachment *attachment) {
    if (move_mount(attachment->source, "", workshop, "part", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "move_mount", attachment->target);
    int place = open_inside(attachment->source, attachment->part);
    if (place < 0) return clinux_failed(plan, "openat2", attachment->part);
    int part = open_tree(place, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (part < 0) return clinux_failed(plan, "open_tree", attachment->part);
    close(place);
    return part;
}

/* Opens the place of a mount. What is missing of its path is made where an earlier mount covers the root: what the root
   itself lacks must not appear in it. */
static int open_place(struct clinux_spawn *plan, const struct clinux_attachment *attachment) {
    char path[PATH_MAX];
    size_t length = 0;
    while (attachment->target[length] && length < sizeof path) path[length] = attachment->target[length], length++;
    if (length == sizeof path) errno = ENAMETOOLONG;
    if (length == sizeof path) return clinux_failed(plan, "openat2", attachment->target);
    path[length] = 0;

    struct stat root, above;
    int folder = open_inside(plan->sandbox->root, "/");
    if (folder < 0 || fstat(folder, &root) < 0) return clinux_failed(plan, "openat2", "/");
    for (size_t start = 0, end; start < length; start = end + 1) {
        for (end = start; path[end] && path[end] != '/'; end++) {}
        if (end == start) continue;
        path[end] = 0;
        int next = open_inside(plan->sandbox->root, path);
        if (next < 0 && errno == ENOENT && attachment->missing != clinux_place_kept) {
            if (fstat(folder, &above) < 0) return clinux_failed(plan, "fstat", attachment->target);
            errno = ENOENT;
            if (above.st_dev == root.st_dev) return clinux_failed(plan, "openat2", attachment->target);
            int is_file = end == length && attachment->missing == clinux_place_file;
            if ((is_file ? mknodat(folder, path + start, S_IFREG | 0644, 0) : mkdirat(folder, path + start, 0755)) < 0)
                return clinux_failed(plan, is_file ? "mknodat" : "mkdirat", attachment->target);
            next = open_inside(plan->sandbox->root, path);
        }
        if (next < 0) return clinux_failed(plan, "openat2", attachment->target);
        close(folder);
        folder = next;
        if (end < length) path[end] = '/';
    }
    return folder;
}

static int attach_all(struct clinux_spawn *plan, int workshop) {
    for (unsigned long i = 0; i < plan->sandbox->attachment_count; i++) {
        const struct clinux_attachment *attachment = &plan->sandbox->attachments[i];
        int source = attachment->source;
        if (attachment->part[0] && (source = open_part(plan, workshop, attachment)) < 0) return -1;
        int place = open_place(plan, attachment);
        if (place < 0) return -1;
        if (attach_at(source, place) < 0) return clinux_failed(plan, "move_mount", attachment->target);
        close(place);
        if (source != attachment->source) close(source);
    }
    return 0;
}

/* Files become the null device and folders an empty one; both are our own, never the image's. */
static int mask(struct clinux_spawn *plan, int workshop) {
    static const char *const options[] = {"mode", "0555", "nr_inodes", "2", NULL};
    int empty = make("tmpfs", options, plain | MOUNT_ATTR_RDONLY);
    if (empty < 0 || move_mount(empty, "", workshop, "empty", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "mount", "empty");

    for (const char *const *path = plan->sandbox->masked; *path; path++) {
        int place = open_inside(plan->sandbox->root, *path);
        if (place < 0 && (errno == ENOENT || errno == ENOTDIR)) continue;
        struct stat status;
        if (place < 0 || fstat(place, &status) < 0) return clinux_failed(plan, "openat2", *path);
        int cover = S_ISDIR(status.st_mode)
            ? open_tree(empty, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
            : open_tree(workshop, "null", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (cover < 0 || attach_at(cover, place) < 0) return clinux_failed(plan, "mask", *path);
        close(cover);
        close(place);
    }
    return 0;
}

static int make_read_only(struct clinux_spawn *plan) {
    for (const char *const *path = plan->sandbox->read_only; *path; path++) {
        int place = open_inside(plan->sandbox->root, *path);
        if (place < 0 && (errno == ENOENT || errno == ENOTDIR)) continue;
        if (place < 0) return clinux_failed(plan, "openat2", *path);
        int copy = open_tree(place, "", AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
        if (copy < 0 || mount_setattr(copy, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) < 0
            || attach_at(copy, place) < 0)
            return clinux_failed(plan, "mount read-only", *path);
        close(copy);
        close(place);
    }
    return 0;
}

static int start_loopback(struct clinux_spawn *plan) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0 || ioctl(socket_, SIOCSIFFLAGS, &request) < 0) return clinux_failed(plan, "ioctl", "lo");
    close(socket_);
    return 0;
}

/* After pivot_root two mounts cover the new root: the workshop, and beneath it the host's root. */
static int change_root(struct clinux_spawn *plan) {
    if (fchdir(plan->sandbox->root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
        return clinux_failed(plan, "pivot_root", "");
    if (umount2(".", MNT_DETACH) < 0 || umount2(".", MNT_DETACH) < 0) return clinux_failed(plan, "umount2", "");
    if (chdir("/") < 0) return clinux_failed(plan, "chdir", "/");
    return 0;
}

int clinux_enter_sandbox(struct clinux_spawn *plan) {
    const struct clinux_sandbox *sandbox = plan->sandbox;
    umask(0);
    if (make_private(plan) < 0) return -1;
    int workshop = make_workshop(plan);
    if (workshop < 0) return -1;
    if (move_mount(sandbox->root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return clinux_failed(plan, "move_mount", "/");

    if (mount_system(plan, workshop) < 0 || attach_all(plan, workshop) < 0) return -1;
    if (mask(plan, workshop) < 0 || make_read_only(plan) < 0) return -1;
    size_t length = 0;
    while (sandbox->host_name[length]) length++;
    if (sethostname(sandbox->host_name, length) < 0) return clinux_failed(plan, "sethostname", sandbox->host_name);
    if (sandbox->own_network && start_loopback(plan) < 0) return -1;
    return change_root(plan);
}
