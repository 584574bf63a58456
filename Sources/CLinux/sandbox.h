/* What the two halves of a child's start share: both run between clone and execve, in memory shared with the parent,
   so they make system calls and nothing else. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "clinux_spawn.h"

/* Notes what failed, with errno as it stands; always -1. */
int clinux_failed(struct clinux_spawn *plan, const char *call, const char *subject);

/* Gives the child its root, mounts, names and network. The old root is gone afterwards. */
int clinux_enter_sandbox(struct clinux_spawn *plan);

#endif
