/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A new generation, complete or not at all.  Whatever happens on the way (a full disk, a kill at
 * any instruction, a power cut), `current` leads to the old generation or to the new one, each
 * whole.
 */
#ifndef INSTALLER_PUBLISH_H
#define INSTALLER_PUBLISH_H

#include "installer/contents.h"
#include "installer/state.h"

struct publication {
	unsigned number;         /* of the generation that is current now */
	char *path;              /* of it, absolute; the caller frees */
	bool was_there;          /* the same was installed and intact: nothing was written */
};

/*
 * Makes contents and the text of their plan.json the current generation of app below root, unless
 * they are that already, in the state directory of app that the caller has entered: what it read
 * there still holds when the new generation is published.  On failure what was current still is.
 * epoch: the new text of epoch.json, which is in place before the generation is current; empty: it
 * stays as it is.
 */
int publish_in(struct state *state, const char *root, const char *app,
	       const struct contents *contents, struct slice plan, struct slice epoch,
	       struct publication *out, struct error *err);

#endif
