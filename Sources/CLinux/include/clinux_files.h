/* Calls on files that Swift's Glibc does not show. Each returns what the system call returns, or a negated errno. */
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#define CLINUX_RESOLVE_NO_MAGICLINKS 0x02
#define CLINUX_RESOLVE_NO_SYMLINKS 0x04
#define CLINUX_RESOLVE_BENEATH 0x08
#define CLINUX_RESOLVE_IN_ROOT 0x10

#define CLINUX_O_PATH 010000000
#define CLINUX_O_NOATIME 01000000
#define CLINUX_AT_EMPTY_PATH 0x1000
#define CLINUX_AT_RECURSIVE 0x8000
#define CLINUX_RENAME_NOREPLACE 1
#define CLINUX_RENAME_EXCHANGE 2

long clinux_openat2(int directory, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve);
/* Of the entry itself. ENOSYS before Linux 6.13. */
long clinux_listxattrat(int directory, const char *path, void *names, unsigned long size);
long clinux_llistxattr(const char *path, void *names, unsigned long size);
long clinux_lgetxattr(const char *path, const char *name, void *value, unsigned long size);
long clinux_fgetxattr(int descriptor, const char *name, void *value, unsigned long size);
long clinux_lsetxattr(const char *path, const char *name, const void *value, unsigned long size, int flags);
long clinux_lremovexattr(const char *path, const char *name);
long clinux_syncfs(int descriptor);

long clinux_copy_file_range(int from, int to, unsigned long size);
long clinux_renameat2(int from, const char *name, int to, const char *new_name, unsigned int flags);
/* Fills the buffer with records of getdents64(2); 0 at the end of the folder. */
long clinux_getdents(int folder, void *entries, unsigned long size);
/* Both ends close-on-exec: the reading one, then the writing one. */
long clinux_pipe(int *ends);
/* Opens a new pseudo-terminal's controlling side, close-on-exec and never blocking; the other is /dev/pts/<number>. */
long clinux_open_terminal(unsigned int *number);
/* A file in memory, close-on-exec. */
long clinux_memfd_create(const char *name);
/* Makes `to` share the blocks of `from`; not every file system can. */
long clinux_clone_file(int to, int from);
/* Starts to write back the pages of a range without waiting for them. */
long clinux_start_writeback(int file, long offset, long size);
/* Opens the file once more, to be written with O_DIRECT at `offset` and multiples of `alignment` behind it, from memory
   that lies at such multiples. EOPNOTSUPP where that cannot be, and where the kernel does not say what it asks for. */
long clinux_open_direct(int file, long offset, unsigned int alignment);
/* Finds room for a range that reads as zeros, and makes the file as long; not every file system can. */
long clinux_allocate(int file, long offset, long size);

/* What statfs(2) calls the type of the file system. */
#define CLINUX_OVERLAYFS 0x794c7630
#define CLINUX_TMPFS 0x01021994
#define CLINUX_RAMFS 0x858458f6
long clinux_file_system_type(int descriptor);

#endif
