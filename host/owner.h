/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether others could change what root is going to rely on. */
#ifndef HOST_OWNER_H
#define HOST_OWNER_H

#include "lib/error.h"

/*
 * -EPERM for an open file or directory that belongs to somebody else than root or the caller, or
 * that others can write to.  path names it in messages.
 */
int owner_check(int fd, const char *path, struct error *err);

#endif
