/* SPDX-License-Identifier: BSD-2-Clause */
/* Trace events, as tracefs shows them. */
#ifndef HOST_TRACEPOINTS_H
#define HOST_TRACEPOINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/probe.h"

/*
 * Opens tracefs where it is mounted below a root; mounts: and else by detached_mount(), which is
 * the running kernel's.  A descriptor, or a negative errno: -EACCES it is not for us to read,
 * -ENODEV it is not mounted, -EPERM and we may not mount it either.
 */
int tracefs_open(int root_fd, bool mounts);

/* Whether category has an event of this name, by events/CATEGORY/NAME/id. */
struct probe tracepoint_find(int tracefs_fd, const char *category, const char *name);

/*
 * Whether an event's record has a byte at offset end - 1: what a program reads of it at most.  By
 * events/CATEGORY/NAME/format.
 */
struct probe tracepoint_holds(int tracefs_fd, const char *category, const char *name, size_t end);

/*
 * Whether any category has it, as raw tracepoints do without one.  A no is no proof for these:
 * there are tracepoints without an event.
 */
struct probe tracepoint_find_any(int tracefs_fd, const char *name);

#endif
