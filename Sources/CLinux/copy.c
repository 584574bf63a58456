#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "clinux_copy.h"

long clinux_copy_file_range(int from, long long *offset, int to, unsigned long count) {
    off64_t position = *offset;
    ssize_t copied = copy_file_range(from, &position, to, 0, count, 0);
    if (copied < 0) return -errno;
    *offset = position;
    return copied;
}

long clinux_sendfile(int from, long long *offset, int to, unsigned long count) {
    off_t position = *offset;
    ssize_t copied = sendfile(to, from, &position, count);
    if (copied < 0) return -errno;
    *offset = position;
    return copied;
}

long clinux_start_writeback(int file, long long offset, long long count) {
    return sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE) < 0 ? -errno : 0;
}
