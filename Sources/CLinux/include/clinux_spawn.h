/* A command and its surroundings as plain data, and the calls on processes that Swift's Glibc does not show. */
#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

/* What is made where a mount is to go and nothing is. */
enum clinux_place { clinux_place_kept, clinux_place_folder, clinux_place_file };

/* A detached mount, or a part of one, and the place inside the root where it goes. */
struct clinux_attachment {
    int source;
    const char *part;   /* resolved inside the source; "" for all of it */
    const char *target; /* resolved inside the root */
    enum clinux_place missing; /* made only within an earlier mount, never in the root itself */
};

struct clinux_limit {
    int resource;
    unsigned long soft;
    unsigned long hard;
};

/* A root of its own, in namespaces of its own. */
struct clinux_sandbox {
    int root; /* a detached mount */
    const struct clinux_attachment *attachments;
    unsigned long attachment_count;
    const char *const *masked;    /* hidden if they exist; ends with NULL */
    const char *const *read_only; /* made read-only if they exist; ends with NULL */
    const char *shared_memory;    /* the options of /dev/shm's size, as tmpfs wants it */
    const char *host_name;
    int own_network; /* a network namespace with a loopback device only */
    int shows_machine; /* /sys can be written, device nodes work in /dev, and loop devices are there */
    unsigned int user;
    unsigned int group;
    const unsigned int *groups;
    unsigned long group_count;
    unsigned long capabilities; /* the bounding set, and what user 0 gets */
    const void *filter;         /* a BPF program for seccomp; NULL for none */
    unsigned short filter_length; /* in instructions */
};

struct clinux_spawn {
    const char *const *programs; /* paths tried in turn; ends with NULL */
    char *const *arguments;
    char *const *environment;
    const char *directory; /* NULL: that of the caller; only without a sandbox */
    int streams[3];
    int parent;          /* a pidfd of the calling process */
    int dumpable;        /* what PR_GET_DUMPABLE says of the caller */
    int new_session;
    int takes_terminal;  /* the first stream becomes the session's terminal */
    const struct clinux_limit *limits;
    unsigned long limit_count;
    const struct clinux_sandbox *sandbox; /* NULL: a program of the host */

    /* Set if the child could not become the program. */
    const char *failed_call;
    const char *failed_subject;
    int failed_errno;
    int lacks_interpreter; /* the program is there, but not what its first line or its ELF header asks for */
};

/* Returns the child's pidfd, or a negated errno if there is no child. If `failed_call` is set afterwards the child
   never ran the program and has ended; it still has to be waited for. */
long clinux_spawn(struct clinux_spawn *plan);

long clinux_pidfd_open(int process);
long clinux_pidfd_send_signal(int pidfd, int signal);

/* What a process and the children it waited for have used. */
struct clinux_usage {
    long user_microseconds;
    long system_microseconds;
    long peak_kilobytes; /* the largest resident set of any one of them */
};

/* Waits for the end of the process: 0 with `*code` its exit status, or 1 with `*code` the signal that ended it. */
long clinux_pidfd_wait(int pidfd, int *code, struct clinux_usage *usage);
/* The effective capabilities of the calling thread, a bit each; none where the kernel does not say. */
unsigned long clinux_capabilities(void);
long clinux_dumpable(void);
/* From now on this thread, and what it starts, mounts where nobody else sees it. */
long clinux_own_mounts(void);

#endif
