#define _GNU_SOURCE
#include "clinux_overlay.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

/* Relative to /proc/self/fd, where a descriptor's number is its name. A path, because what covers a folder is found by
   its path only; this one is there wherever descriptors have names. */
static const char place[] = "../../../proc";

/* Makes all mounts slaves, also of what lies above a chroot, and comes back. */
static long make_slaves(int root, int here) {
    if (clinux_leave_chroot() < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) return -errno;
    if (fchdir(root) < 0 || chroot(".") < 0 || fchdir(here) < 0) return -errno;
    return 0;
}

long clinux_private_mounts(void) {
    if (unshare(CLONE_NEWNS) < 0) return -errno;
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    long result = root < 0 || here < 0 ? -errno : make_slaves(root, here);
    if (root >= 0) close(root);
    if (here >= 0) close(here);
    return result;
}

static long mount_from_descriptors(const char *options, unsigned long flags) {
    if (chdir("/proc/self/fd") < 0 || mount("overlay", place, "overlay", flags, options) < 0) return -errno;
    long copy = open_tree(AT_FDCWD, place, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (copy < 0) copy = -errno;
    if (umount2(place, MNT_DETACH) == 0 || copy < 0) return copy;
    long error = -errno;
    close((int)copy);
    return error;
}

long clinux_mount_overlay(const char *options, unsigned long flags) {
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (here < 0) return -errno;
    long mount = mount_from_descriptors(options, flags);
    if (fchdir(here) < 0 && mount >= 0) {
        long error = -errno;
        close((int)mount);
        mount = error;
    }
    close(here);
    return mount;
}

long clinux_attach_mount(int mount, const char *folder) {
    return move_mount(mount, "", AT_FDCWD, folder, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
}
