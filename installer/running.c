/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/stored.h"

#include "installer/running.h"

bool running_link_leads(const struct generation *generation, const char *release)
{
	char path[128];

	snprintf(path, sizeof(path), "btf/%s.btf", release);
	return faccessat(generation->fd, path, R_OK, AT_EACCESS) == 0;
}

/* The link leads nowhere: `run` looks where else libbpf does, and then has nothing. */
static enum running without_own_btf(const struct generation *generation)
{
	enum running running = RUNNING_UNCOVERED;
	struct facts facts;

	facts_name(&facts);
	if (facts_find_btf(&facts, NULL))
		return RUNNING_UNCOVERED;
	if (facts.btf_source.truth == TRUTH_YES)
		running = RUNNING_COVERED;
	else if (stored_state(generation, &facts) == STORED_AT_HAND)
		running = RUNNING_GONE;
	return running;
}

enum running running_state(const struct generation *generation, const struct utsname *uts)
{
	const struct generation_kernel *kernel = generation_find(generation, uts->release);

	if (!kernel)
		return RUNNING_ABSENT;
	if (kernel->build[0] && strcmp(kernel->build, uts->version) != 0)
		return RUNNING_STALE;
	if (!kernel->covered)
		return RUNNING_UNCOVERED;
	/* Row 0 loads without any BTF. */
	if (!strcmp(kernel->source, "kernel") && strcmp(kernel->row, "0") != 0 &&
	    !running_link_leads(generation, uts->release))
		return without_own_btf(generation);
	return RUNNING_COVERED;
}

const char *running_name(enum running running)
{
	static const char *const NAMES[] = {
		[RUNNING_COVERED] = "covered", [RUNNING_UNCOVERED] = "uncovered",
		[RUNNING_STALE] = "stale", [RUNNING_ABSENT] = "absent", [RUNNING_GONE] = "gone",
	};

	return NAMES[running];
}

const char *running_advice(enum running running)
{
	switch (running) {
	case RUNNING_ABSENT:
		return "was not planned for: run install";
	case RUNNING_STALE:
		return "is another build than the one planned for: run install";
	case RUNNING_GONE:
		return "exposed BTF when this was installed, which it does not now: run install: the "
		       "packed BTF takes its place";
	default:
		return "is not served: run check for what to do";
	}
}
