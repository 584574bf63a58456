#define _GNU_SOURCE
#include "clinux_spawn.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Credentials are changed with bare system calls: glibc's functions would change those of the parent's threads too. */

enum { stack_size = 64 * 1024 };

int clinux_failed(struct clinux_spawn *plan, const char *call, const char *subject) {
    plan->failed_errno = errno;
    plan->failed_call = call;
    plan->failed_subject = subject;
    return -1;
}

/* The kernel's own shape of a signal action. */
struct action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static void reset_signals(void) {
    struct action action = {0};
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, &action, NULL, sizeof action.mask);
}

/* Called again after the credentials changed: the kernel forgets the request then. */
static int die_with_parent(struct clinux_spawn *plan) {
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return clinux_failed(plan, "prctl", "PDEATHSIG");
    struct pollfd parent = {.fd = plan->parent, .events = POLLIN};
    if (poll(&parent, 1, 0) == 0) return 0;
    errno = ESRCH;
    return clinux_failed(plan, "poll", "parent");
}

/* The streams may have each other's numbers, so all are moved out of the way before the first is put in place. */
static int set_streams(struct clinux_spawn *plan) {
    int copies[3];
    for (int i = 0; i < 3; i++) {
        copies[i] = fcntl(plan->streams[i], F_DUPFD_CLOEXEC, 3);
        if (copies[i] < 0) return clinux_failed(plan, "fcntl", "F_DUPFD_CLOEXEC");
    }
    for (int i = 0; i < 3; i++)
        if (dup2(copies[i], i) < 0) return clinux_failed(plan, "dup2", "");
    if (plan->new_session && setsid() < 0) return clinux_failed(plan, "setsid", "");
    if (plan->takes_terminal && ioctl(0, TIOCSCTTY, 0) < 0) return clinux_failed(plan, "ioctl", "TIOCSCTTY");
    return 0;
}

static int set_limits(struct clinux_spawn *plan) {
    for (unsigned long i = 0; i < plan->limit_count; i++) {
        struct rlimit limit = {plan->limits[i].soft, plan->limits[i].hard};
        if (syscall(SYS_prlimit64, 0, plan->limits[i].resource, &limit, NULL) < 0)
            return clinux_failed(plan, "setrlimit", "");
    }
    return 0;
}

/* A link of procfs in the path would lead out through a descriptor, so none is followed. */
static int enter_directory(struct clinux_spawn *plan) {
    if (!plan->directory) return 0;
    if (!plan->sandbox) return chdir(plan->directory) < 0 ? clinux_failed(plan, "chdir", plan->directory) : 0;
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS};
    int directory = (int)syscall(SYS_openat2, AT_FDCWD, plan->directory, &how, sizeof how);
    if (directory < 0 || fchdir(directory) < 0) return clinux_failed(plan, "chdir", plan->directory);
    close(directory);
    return 0;
}

static int drop_bounding_set(struct clinux_spawn *plan) {
    for (int capability = 0; capability < 64; capability++) {
        if (plan->sandbox->capabilities >> capability & 1) continue;
        if (syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL) break; /* behind the last one that the kernel knows */
        return clinux_failed(plan, "prctl", "PR_CAPBSET_DROP");
    }
    if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return clinux_failed(plan, "prctl", "PR_CAP_AMBIENT");
    return 0;
}

/* Without no_new_privs this takes CAP_SYS_ADMIN, so it comes before the capabilities go. */
static int set_filter(struct clinux_spawn *plan) {
    if (!plan->sandbox->filter) return 0;
    struct sock_fprog program = {plan->sandbox->filter_length, (struct sock_filter *)plan->sandbox->filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) return clinux_failed(plan, "seccomp", "");
    return 0;
}

/* User 0 keeps the allowed set, everybody else nothing. */
static int set_capabilities(struct clinux_spawn *plan) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) < 0) return clinux_failed(plan, "capget", "");
    unsigned long kept = plan->sandbox->user == 0 ? plan->sandbox->capabilities : 0;
    for (int i = 0; i < 2; i++) {
        sets[i].permitted &= (unsigned int)(kept >> (32 * i));
        sets[i].effective = sets[i].permitted;
        sets[i].inheritable = 0;
    }
    if (syscall(SYS_capset, &header, sets) < 0) return clinux_failed(plan, "capset", "");
    return 0;
}

static int set_credentials(struct clinux_spawn *plan) {
    const struct clinux_sandbox *sandbox = plan->sandbox;
    if (drop_bounding_set(plan) < 0 || set_filter(plan) < 0) return -1;
    if (syscall(SYS_setgroups, sandbox->group_count, sandbox->groups) < 0) return clinux_failed(plan, "setgroups", "");
    if (syscall(SYS_setresgid, sandbox->group, sandbox->group, sandbox->group) < 0)
        return clinux_failed(plan, "setresgid", "");
    if (syscall(SYS_setresuid, sandbox->user, sandbox->user, sandbox->user) < 0)
        return clinux_failed(plan, "setresuid", "");
    return set_capabilities(plan);
}

/* As a shell searches its PATH: a program that may not be executed is remembered, one that is missing is not. */
static int execute(struct clinux_spawn *plan) {
    int error = ENOENT;
    const char *subject = plan->arguments[0];
    for (const char *const *program = plan->programs; *program; program++) {
        execve(*program, plan->arguments, plan->environment);
        int is_missing = errno == ENOENT || errno == ENOTDIR;
        plan->lacks_interpreter = is_missing && syscall(SYS_faccessat, AT_FDCWD, *program, F_OK) == 0;
        if (is_missing && !plan->lacks_interpreter) continue;
        error = plan->lacks_interpreter ? ENOENT : errno;
        subject = *program;
        if (error != EACCES) break;
    }
    errno = error;
    return clinux_failed(plan, "execve", subject);
}

static int become_program(struct clinux_spawn *plan) {
    reset_signals();
    int parent = fcntl(plan->parent, F_DUPFD_CLOEXEC, 3);
    if (parent < 0) return clinux_failed(plan, "fcntl", "parent");
    if (die_with_parent(plan) < 0) return -1;
    if (plan->sandbox && clinux_enter_sandbox(plan) < 0) return -1;
    if (set_streams(plan) < 0) return -1;
    if (parent != 3 && dup3(parent, 3, O_CLOEXEC) < 0) return clinux_failed(plan, "dup3", "parent");
    plan->parent = 3;
    if (syscall(SYS_close_range, 4U, ~0U, 0) < 0) return clinux_failed(plan, "close_range", "");
    if (enter_directory(plan) < 0 || set_limits(plan) < 0) return -1;
    if (plan->sandbox) {
        umask(022);
        if (set_credentials(plan) < 0) return -1;
    }
    if (die_with_parent(plan) < 0) return -1;
    unsigned long none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    return execute(plan);
}

static int child(void *plan) {
    become_program(plan);
    syscall(SYS_exit_group, 127);
    return 127;
}

long clinux_spawn(struct clinux_spawn *plan) {
    char stack[stack_size] __attribute__((aligned(16)));
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    if (plan->sandbox) flags |= CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;
    if (plan->sandbox && plan->sandbox->own_network) flags |= CLONE_NEWNET;

    unsigned long all = ~0UL, before;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    int pidfd = -1;
    int process = clone(child, stack + stack_size, flags, plan, &pidfd);
    int error = errno;
    /* A child that changes its user takes this from the memory it shares. */
    if (plan->sandbox) syscall(SYS_prctl, PR_SET_DUMPABLE, plan->dumpable, 0, 0, 0);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
    return process < 0 ? -error : pidfd;
}

static long negated(long result) { return result < 0 ? -errno : result; }

long clinux_pidfd_open(int process) { return negated(syscall(SYS_pidfd_open, process, 0)); }

long clinux_pidfd_send_signal(int pidfd, int signal) {
    return negated(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

static long microseconds(struct timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

long clinux_pidfd_wait(int pidfd, int *code, struct clinux_usage *usage) {
    siginfo_t ending;
    struct rusage used;
    /* The system call has a fifth argument that the library does not show. */
    if (syscall(SYS_waitid, P_PIDFD, pidfd, &ending, WEXITED, &used) < 0) return -errno;
    usage->user_microseconds = microseconds(used.ru_utime);
    usage->system_microseconds = microseconds(used.ru_stime);
    usage->peak_kilobytes = used.ru_maxrss;
    *code = ending.si_status;
    return ending.si_code != CLD_EXITED;
}

unsigned long clinux_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};
    if (syscall(SYS_capget, &header, sets) < 0) return 0;
    return sets[0].effective | (unsigned long)sets[1].effective << 32;
}

long clinux_dumpable(void) { return negated(prctl(PR_GET_DUMPABLE)); }

long clinux_own_mounts(void) {
    if (unshare(CLONE_NEWNS) < 0) return -errno;
    return negated(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}
