/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which stored BTF fits a host: the rules of docs/decision.md, without a system call.
 */
#ifndef DECIDE_SELECT_H
#define DECIDE_SELECT_H

#include "decide/neighbours.h"
#include "host/facts.h"
#include "payload/reader.h"

enum selection_state {
	SELECTED,        /* one stored BTF */
	AMBIGUOUS,       /* several that differ, and nothing tells them apart */
	NOT_PACKED,      /* none for this arch and release */
};

/* How the choice was made, for the report. */
enum selection_rule {
	BY_RELEASE,      /* all entries of this arch and release map to one stored BTF */
	BY_BUILD,        /* uname -v */
	BY_DISTRO,       /* ID and VERSION_ID, with the families' aliases */
	BY_NEIGHBOURS,   /* none for this release: what all builds around it have */
};

enum { SELECT_NEAREST = 5 };

struct selection {
	enum selection_state state;
	enum selection_rule rule;
	size_t kernel;                    /* SELECTED: payload_kernel() index of the entry */
	size_t first, count;              /* entries of this arch and release */
	size_t nearest[SELECT_NEAREST];   /* NOT_PACKED: entries with the nearest releases, best first */
	size_t nearest_count;
	struct neighbours neighbours;     /* NOT_PACKED: the builds around it */
};

/*
 * Chooses for an arch and release; build may be "" when not known (a kernel that is installed but
 * not running).  An entry whose build is known and differs from a known build is not this kernel.
 */
struct selection select_btf(const struct payload *payload, const char *arch, const char *release,
			    const char *build, const struct os_release *os);

/*
 * For who allows it: where the release is not packed and its neighbours agree, theirs is selected.
 * It must be judged by the canary before it is used.
 */
void select_neighbours(struct selection *selection);

/* True when these are the same distribution and version under the aliases of their family. */
bool select_same_distro(const char *id, const char *version_id, const struct os_release *os);

#endif
