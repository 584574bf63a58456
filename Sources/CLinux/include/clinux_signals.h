/* The signals that ask a program to stop, turned into a descriptor that becomes readable. */
#ifndef CLINUX_SIGNALS_H
#define CLINUX_SIGNALS_H

/* Lets SIGINT, SIGTERM and SIGHUP write to an eventfd from now on, and SIGPIPE do nothing. Returns 0 or -errno. */
int clinux_watch_signals(int eventfd);

/* Ends a process that is still there so many seconds after the first of those signals: it says `words` on standard error,
   and its exit code is 128 and the signal. The words are copied. Uses SIGALRM. Returns 0 or -errno. */
int clinux_end_after_signal(unsigned seconds, const void *words, unsigned long size);

/* A descriptor that counts what is written to it: closed on exec, never blocking. Returns it or -errno. */
int clinux_eventfd(void);

/* The first of these signals that came; 0 if none did. */
int clinux_watched_signal(void);

/* Lets each of these signals write its number, one byte, to a non-blocking pipe from now on. Returns 0 or -errno. */
int clinux_forward_signals(int pipe, const int *numbers, unsigned long count);

#endif
