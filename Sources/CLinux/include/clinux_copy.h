/* Copying within the kernel. Each returns what the system call returns, or a negated errno. */
#ifndef CLINUX_COPY_H
#define CLINUX_COPY_H

/* From an offset of `from` to the position of `to`; 0 at the end of `from`. */
long clinux_copy_file_range(int from, long long *offset, int to, unsigned long count);
/* The same where `to` is a pipe, a socket or a file of another file system. */
long clinux_sendfile(int from, long long *offset, int to, unsigned long count);
/* Starts writing dirty pages to the disk without waiting for them. */
long clinux_start_writeback(int file, long long offset, long long count);

#endif
