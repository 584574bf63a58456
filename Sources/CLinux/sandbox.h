/* What the two halves of a child's start share: both run between clone and execve, in memory shared with the parent,
   so they make system calls and nothing else. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "clinux_spawn.h"

/* Notes what failed, with errno as it stands; always -1. */
int clinux_failed(struct clinux_spawn *plan, const char *call, const char *subject);

/* Out of a chroot, if the caller is in one, up to the root of the mount tree. What lies above a chroot cannot be made
   private from inside; and pivot_root would leave it in place, for a command that climbs out to find. Returns 0, or -1
   with errno; the working directory is that root afterwards. */
int clinux_leave_chroot(void);

/* Gives the child its root, mounts, names and network. The old root is gone afterwards. */
int clinux_enter_sandbox(struct clinux_spawn *plan);

#endif
