#define _GNU_SOURCE
#include "clinux_signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t watched_signal;
static volatile sig_atomic_t watched_eventfd = -1;

static void note(int number) {
    int saved = errno;
    uint64_t one = 1;
    if (watched_signal == 0) watched_signal = number;
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
