/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside host/: a file system of the kernel that is not mounted, for a look.  The mount belongs to
 * no namespace and no path: nobody else sees it, and it is gone with its descriptor.
 *
 * Not to be tried under a seccomp filter (policy_is_filtered()): those that systemd sets kill who
 * calls what they do not list.
 */
#ifndef HOST_DETACHED_H
#define HOST_DETACHED_H

/* A descriptor of the root of "securityfs", "tracefs" ...; -EPERM without CAP_SYS_ADMIN. */
int detached_mount(const char *filesystem);

#endif
