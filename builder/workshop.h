/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where compilers run: a private folder, and a user that nobody else is.  A compiler reads what
 * others wrote (headers, sources) and is large; it gets no privilege, no network, and limits of
 * time and memory.  What it leaves in the folder is looked at with suspicion.
 */
#ifndef BUILDER_WORKSHOP_H
#define BUILDER_WORKSHOP_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "lib/array.h"
#include "lib/error.h"

/*
 * What is given to those who work there, under these names: files and folders that are open, so
 * that a closed folder on the way to them, as a home is, does not matter.
 */
#define WORKSHOP_GIVEN_0 "/proc/self/fd/3"
#define WORKSHOP_GIVEN_1 "/proc/self/fd/4"
enum { WORKSHOP_GIVEN_COUNT = 2 };

struct workshop {
	char path[PATH_MAX];     /* of the folder; "" when there is none */
	int fd;                  /* the folder itself */
	uid_t user;              /* who works there */
	bool is_root;            /* that user is not ours */
	int given[WORKSHOP_GIVEN_COUNT]; /* descriptors; -1: nothing */
	unsigned seconds;        /* the longest that one program may take */
	uint64_t memory;         /* bytes of address space that one may have */
};

/*
 * Makes the folder below TMPDIR, else /tmp.  Limits are those of any compiler's run on a kernel's
 * headers, and can be changed before workshop_run().  workshop_close() removes the folder and ends
 * what is still running there.
 */
int workshop_open(struct workshop *out, struct error *err);
void workshop_close(struct workshop *workshop);

/* Puts a file into it, before anything runs there; -EINVAL: name has a slash. */
int workshop_put(const struct workshop *workshop, const char *name, struct slice bytes,
		 struct error *err);

/* Makes another name in it for something: a symbolic link. */
int workshop_link(const struct workshop *workshop, const char *name, const char *target,
		  struct error *err);

/* Appends what a program left as name; only a regular file of at most max_size bytes is taken. */
int workshop_take(const struct workshop *workshop, const char *name, size_t max_size,
		  struct buffer *out, struct error *err);

/*
 * Gives path as number i, in the place of what was given before; workshop_close() takes it back.  A
 * negative errno when it cannot be opened.
 */
int workshop_give(struct workshop *workshop, unsigned i, const char *path);

/* True when who works there can read what was given as number i, or a file that is below it. */
bool workshop_can_read(const struct workshop *workshop, unsigned i, const char *below);

/*
 * Runs argv[0], an absolute path, in the folder.  What it says is appended to *said, the first 256
 * KiB of it, and a NUL that size does not count.  Returns its exit status, or a negative errno:
 * -ETIMEDOUT, -ENOMEM (killed at a limit), -ECANCELED (killed by another signal), or that it could
 * not be started.
 */
int workshop_run(const struct workshop *workshop, const char *const argv[], struct buffer *said,
		 struct error *err);

#endif
