/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Removing what is not needed any more.  A generation is first renamed to a temporary name, which
 * is one step and synced, and then deleted, which is many: at no instant, also not after a power
 * cut, does a number stand for half a generation.
 */
#ifndef INSTALLER_SWEEP_H
#define INSTALLER_SWEEP_H

#include <stddef.h>

#include "installer/state.h"

/* Of generations, whatever they hold: who opened one need not hurry.  And of versions. */
enum { SWEEP_KEEP = 3, SWEEP_KEEP_VERSIONS = 3 };

/* Numbers of the generations in gen/, ascending; the caller frees. */
struct generation_numbers {
	unsigned *items;
	size_t count, capacity;
};

/* Lists gen/; -EBADMSG names an entry that is neither a generation nor a leftover. */
int sweep_list(const struct state *state, struct generation_numbers *out, struct error *err);

/* Removes gen/name with everything in it, following no link; nothing there is fine. */
int sweep_temporary(const struct state *state, const char *name, struct error *err);

/* Removes generation number. */
int sweep_generation(const struct state *state, unsigned number, struct error *err);

/*
 * Removes what an install or uninstall left that was interrupted: temporary folders, a `current`
 * that was not yet renamed, generations newer than the current one.
 */
int sweep_leftovers(const struct state *state, struct error *err);

/*
 * Removes all but the SWEEP_KEEP newest generations and the newest one of each of the
 * SWEEP_KEEP_VERSIONS newest application versions: a generation for one more kernel pushes out no
 * version that one could go back to.
 */
int sweep_old(const struct state *state, struct error *err);

#endif
