/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which hosts of an inventory are ready, and what the others lack (docs/coverage.md).  decide/
 * judges each as `check --from` does, from facts or from the little that an inventory says, with
 * the BTFs that would be shipped.
 */
#ifndef BTFPACK_FLEET_H
#define BTFPACK_FLEET_H

#include "btfpack/coverage.h"
#include "btfpack/inventory.h"

enum fleet_group {
	FLEET_KERNEL_BTF,        /* ready: the kernel exposes its BTF */
	FLEET_SHIPPED_BTF,       /* ready: with one that is shipped */
	FLEET_NO_BTF_NEEDED,     /* ready: the object asks for none */
	FLEET_NEEDS_BUILD,
	FLEET_BLOCKED,
	FLEET_UNKNOWN,
	FLEET_GROUPS,
};

enum { FLEET_COMMANDS = 4 };

/* What to do; what says what for.  Both are owned. */
struct fleet_command {
	char *what, *command;
};

/* The same has to be said of these hosts. */
struct fleet_answer {
	enum fleet_group group;
	char *reason;
	struct fleet_command commands[FLEET_COMMANDS];
	size_t command_count;
	size_t *hosts;           /* in the order of the inventory */
	size_t host_count, host_capacity;
};

struct fleet_host {
	char *name, *distro, *version_id, *arch, *release;
	size_t answer;
	size_t kernel;           /* of the pack; COVERAGE_NONE: it is not among them */
};

struct fleet {
	struct fleet_answer *answers; /* by group, then those of most hosts */
	struct fleet_host *hosts;     /* in the order of the inventory */
	size_t answer_count, answer_capacity, host_count, host_capacity;
	size_t totals[FLEET_GROUPS];
};

/*
 * Judges the hosts of these inventory files.  shipped holds the BTFs; kernels has, for each of its
 * kernels, the place in the pack that coverage is of.  fleet_free() frees, after failure too.
 */
int fleet_judge(const struct coverage *coverage, const struct payload *shipped,
		const size_t *kernels, const char *const *files, size_t file_count,
		struct fleet *out, struct error *err);
void fleet_free(struct fleet *fleet);

/* "kernel_btf" ... as the schema has it, and as people read it. */
const char *fleet_group_name(enum fleet_group group);
const char *fleet_group_title(enum fleet_group group);

#endif
