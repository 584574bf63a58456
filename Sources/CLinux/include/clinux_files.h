/* Calls on files that Swift's Glibc does not show. Each returns what the system call returns, or a negated errno. */
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#define CLINUX_RESOLVE_NO_MAGICLINKS 0x02
#define CLINUX_RESOLVE_NO_SYMLINKS 0x04
#define CLINUX_RESOLVE_BENEATH 0x08
#define CLINUX_RESOLVE_IN_ROOT 0x10

long clinux_openat2(int directory, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve);
long clinux_llistxattr(const char *path, void *names, unsigned long size);
long clinux_lgetxattr(const char *path, const char *name, void *value, unsigned long size);
long clinux_lsetxattr(const char *path, const char *name, const void *value, unsigned long size, int flags);
long clinux_lremovexattr(const char *path, const char *name);

#endif
