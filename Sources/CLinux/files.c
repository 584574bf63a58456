#define _GNU_SOURCE
#include "clinux_files.h"

#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static long negated(long result) { return result < 0 ? -errno : result; }

long clinux_openat2(int directory, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return negated(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

long clinux_llistxattr(const char *path, void *names, unsigned long size) {
    return negated(llistxattr(path, names, size));
}

long clinux_lgetxattr(const char *path, const char *name, void *value, unsigned long size) {
    return negated(lgetxattr(path, name, value, size));
}

long clinux_lsetxattr(const char *path, const char *name, const void *value, unsigned long size, int flags) {
    return negated(lsetxattr(path, name, value, size, flags));
}

long clinux_lremovexattr(const char *path, const char *name) { return negated(lremovexattr(path, name)); }
