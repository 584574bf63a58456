#define _GNU_SOURCE
#include "clinux_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Younger than the headers of Debian 12, and the same on every architecture. */
#ifndef SYS_listxattrat
#define SYS_listxattrat 465
#endif

static long negated(long result) { return result < 0 ? -errno : result; }

long clinux_openat2(int directory, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    long result;
    int tries = 0;
    /* A step up inside a root is tried in vain while anything is mounted or renamed anywhere on the machine. */
    do result = negated(syscall(SYS_openat2, directory, path, &how, sizeof how));
    while (result == -EAGAIN && ++tries < 100000);
    return result;
}

long clinux_listxattrat(int directory, const char *path, void *names, unsigned long size) {
    return negated(syscall(SYS_listxattrat, directory, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, names, size));
}

long clinux_llistxattr(const char *path, void *names, unsigned long size) {
    return negated(llistxattr(path, names, size));
}

long clinux_lgetxattr(const char *path, const char *name, void *value, unsigned long size) {
    return negated(lgetxattr(path, name, value, size));
}

long clinux_fgetxattr(int descriptor, const char *name, void *value, unsigned long size) {
    return negated(fgetxattr(descriptor, name, value, size));
}

long clinux_lsetxattr(const char *path, const char *name, const void *value, unsigned long size, int flags) {
    return negated(lsetxattr(path, name, value, size, flags));
}

long clinux_lremovexattr(const char *path, const char *name) { return negated(lremovexattr(path, name)); }

long clinux_copy_file_range(int from, int to, unsigned long size) {
    return negated(copy_file_range(from, NULL, to, NULL, size, 0));
}

long clinux_renameat2(int from, const char *name, int to, const char *new_name, unsigned int flags) {
    return negated(renameat2(from, name, to, new_name, flags));
}

long clinux_getdents(int folder, void *entries, unsigned long size) {
    return negated(syscall(SYS_getdents64, folder, entries, size));
}

long clinux_pipe(int *ends) { return negated(pipe2(ends, O_CLOEXEC)); }

long clinux_open_terminal(unsigned int *number) {
    int unlocked = 0;
    int controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (controller < 0) return -errno;
    if (ioctl(controller, TIOCSPTLCK, &unlocked) == 0 && ioctl(controller, TIOCGPTN, number) == 0) return controller;
    int reason = errno;
    close(controller);
    return -reason;
}

long clinux_memfd_create(const char *name) { return negated(memfd_create(name, MFD_CLOEXEC)); }

long clinux_clone_file(int to, int from) { return negated(ioctl(to, FICLONE, from)); }

long clinux_start_writeback(int file, long offset, long size) {
    return negated(sync_file_range(file, offset, size, SYNC_FILE_RANGE_WRITE));
}

long clinux_open_direct(int file, long offset, unsigned int alignment) {
    int flags = fcntl(file, F_GETFL);
    if (flags < 0 || flags & O_APPEND) return -EOPNOTSUPP;
    struct statx status;
    if (statx(file, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) < 0) return -errno;
    if (!(status.stx_mask & STATX_DIOALIGN) || status.stx_dio_offset_align == 0) return -EOPNOTSUPP;
    if (status.stx_dio_offset_align > alignment || status.stx_dio_mem_align > alignment) return -EOPNOTSUPP;
    if (offset % status.stx_dio_offset_align != 0) return -EOPNOTSUPP;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return negated(open(path, O_WRONLY | O_DIRECT | O_CLOEXEC));
}

long clinux_allocate(int file, long offset, long size) { return negated(fallocate(file, 0, offset, size)); }

long clinux_syncfs(int descriptor) { return negated(syncfs(descriptor)); }

long clinux_file_system_type(int descriptor) {
    struct statfs status;
    return fstatfs(descriptor, &status) < 0 ? -errno : (long)(status.f_type & 0xffffffff);
}
