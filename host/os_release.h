/* SPDX-License-Identifier: BSD-2-Clause */
/* os-release(5): which distribution this is. */
#ifndef HOST_OS_RELEASE_H
#define HOST_OS_RELEASE_H

#include "host/facts.h"
#include "lib/bytes.h"

/*
 * Reads etc/os-release, else usr/lib/os-release.  A host without either has an empty os_release,
 * which is 0 too; a file that cannot be read is a negative errno.
 */
int os_release_read(int root_fd, struct os_release *out, struct error *err);

/* The same from a file that was named, relative to dir_fd. */
int os_release_read_file(int dir_fd, const char *path, struct os_release *out);

/*
 * Takes the known keys out of text: shell-like assignments, with quotes and backslashes
 * resolved.  A line that is none, or whose value does not fit, is passed over; the last assignment
 * wins.
 */
void os_release_parse(struct slice text, struct os_release *out);

#endif
