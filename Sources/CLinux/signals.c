#define _GNU_SOURCE
#include "clinux_signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t watched_signal;
static volatile sig_atomic_t watched_eventfd = -1;
static volatile sig_atomic_t patience;
static char *last_words;
static size_t last_words_size;

static void note(int number) {
    int saved = errno;
    uint64_t one = 1;
    if (watched_signal == 0) {
        watched_signal = number;
        if (patience > 0) alarm((unsigned)patience);
    }
    /* Full is as good as written: the descriptor is readable then. */
    if (write(watched_eventfd, &one, sizeof one) < 0) errno = 0;
    errno = saved;
}

int clinux_watch_signals(int eventfd) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    watched_eventfd = eventfd;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], &action, NULL) < 0) return -errno;
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -errno : 0;
}

static void give_up(int number) {
    struct pollfd standard_error = {.fd = STDERR_FILENO, .events = POLLOUT};
    (void)number;
    /* Who does not read holds us up no longer either. */
    if (poll(&standard_error, 1, 0) != 1 || write(STDERR_FILENO, last_words, last_words_size) < 0) errno = 0;
    _exit(128 + watched_signal);
}

int clinux_end_after_signal(unsigned seconds, const void *words, unsigned long size) {
    struct sigaction action = {.sa_handler = give_up};
    char *copy = malloc(size);
    if (copy == NULL) return -ENOMEM;
    memcpy(copy, words, size);
    last_words = copy;
    last_words_size = size;
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGALRM, &action, NULL) < 0) return -errno;
    patience = (sig_atomic_t)seconds;
    return 0;
}

int clinux_eventfd(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_watched_signal(void) { return watched_signal; }

static volatile sig_atomic_t forwarding_pipe = -1;

static void forward(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    /* A full pipe holds this signal many times over already. */
    if (write(forwarding_pipe, &byte, 1) < 0) errno = 0;
    errno = saved;
}

int clinux_forward_signals(int pipe, const int *numbers, unsigned long count) {
    struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    forwarding_pipe = pipe;
    for (unsigned long i = 0; i < count; i++)
        if (sigaction(numbers[i], &action, NULL) < 0) return -errno;
    return 0;
}
