/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Imports that work on one archive at the same time keep out of each other's way with flock(2) on
 * its directories, so that no file of a lock's own is left behind.  Where there are no such locks
 * (some network file systems) they go on without.
 */
#ifndef BTFPACK_GUARD_H
#define BTFPACK_GUARD_H

#include <limits.h>
#include <stdbool.h>

#include "lib/error.h"

/* An import at work below a root. */
struct guard {
	char root[PATH_MAX];
	int fd;                  /* -1: none */
};

/*
 * Enters root, which is made when it is missing.  When no other import is in there, the temporary
 * files of those that were killed are removed.
 */
int guard_enter(struct guard *guard, const char *root, struct error *err);

/* Leaves it, and removes it when it is empty. */
void guard_leave(struct guard *guard);

/*
 * Makes directory and waits until nobody else has it; closing the descriptor gives it back.
 * Returns the descriptor or a negative errno.
 */
int guard_directory(const char *directory, struct error *err);

#endif
