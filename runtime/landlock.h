/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock: files and more that a process takes away from itself, without privilege (5.13). */
#ifndef RUNTIME_LANDLOCK_H
#define RUNTIME_LANDLOCK_H

#include "lib/error.h"

/*
 * Takes everything away that the kernel's ABI knows: access to files, to TCP ports, ioctl(2) on
 * devices, signals and abstract sockets of others.  What is left: in the folder of the file
 * `output`, and below it, regular files may be made, read and written; in the folder of `removed`,
 * and below it, files may be removed.  Either may be NULL.  Descriptors that are open stay as they
 * are.  Takes no_new_privs or CAP_SYS_ADMIN.
 *
 * Returns the ABI in force; -ENOSYS or -EOPNOTSUPP: the kernel has none; or another negative errno.
 */
int landlock_enter(const char *output, const char *removed, struct error *err);

#endif
