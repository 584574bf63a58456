/* Mounts in a namespace of one thread. Each returns what it says, or a negated errno. */
#ifndef CLINUX_OVERLAY_H
#define CLINUX_OVERLAY_H

/* Gives this thread mounts of its own: what it mounts nobody else sees, what the host mounts it still does. */
long clinux_private_mounts(void);
/* For such a thread only. Mounts an overlay and returns it as a detached mount. The options are those of mount(2), in
   which a folder's name is the number of a descriptor; the flags too. */
long clinux_mount_overlay(const char *options, unsigned long flags);
/* For such a thread only. Attaches a detached mount over a folder. */
long clinux_attach_mount(int mount, const char *folder);

#endif
