/* SPDX-License-Identifier: BSD-2-Clause */
/* Other programs that do part of the work: pahole, strip, dpkg-deb, rpmbuild; without a shell. */
#ifndef BTFPACK_PROCESS_H
#define BTFPACK_PROCESS_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Runs argv[0], which is looked for in PATH, in directory (NULL: this one), and waits for it.  What
 * it says on standard output and standard error is appended to *said, the first 64 KiB of it, and a
 * NUL that size does not count.  Returns its exit status, or a negative errno: -ENOENT when there
 * is no such program, which the caller knows how to get; -EBADMSG when a signal killed it.
 */
int process_run(const char *const argv[], const char *directory, struct buffer *said,
		struct error *err);

/* Cuts what a program said down to its first line that has word in it, else to its first one. */
const char *process_line(struct buffer *said, const char *word);

#endif
