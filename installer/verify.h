/* SPDX-License-Identifier: BSD-2-Clause */
/* Is a generation what its plan says: every file's bytes, every link to the kernel's BTF. */
#ifndef INSTALLER_VERIFY_H
#define INSTALLER_VERIFY_H

#include "runtime/generation.h"

struct problem {
	char *path;              /* relative to the generation */
	char text[768];          /* what is wrong with it */
};

struct problems {
	struct problem *items;
	size_t count, capacity;
};

/*
 * Reads and hashes every file that the plan names.  Returns 0 with problems->count telling the
 * answer, or -ENOMEM, or the errno of a file that could not be read.
 */
int verify(const struct generation *generation, struct problems *problems, struct error *err);

/*
 * What is wrong with a link to the kernel's own BTF, wherever that leads now, in *problem, NULL for
 * nothing.  0, or the errno of a link that could not be read.
 */
int verify_link(const struct generation *generation, const char *path, const char **problem,
		struct error *err);

void problems_free(struct problems *problems);

#endif
