/* SPDX-License-Identifier: BSD-2-Clause */
/* EPERM and EACCES of a load, in the words that `check` has for them. */
#ifndef RUNTIME_REFUSAL_H
#define RUNTIME_REFUSAL_H

#include "decide/finding.h"
#include "runtime/inventory.h"

enum refused { REFUSED_CANARY, REFUSED_LOAD, REFUSED_ATTACH };

/*
 * Rewrites err, whose code is that of the refusal, to say who is likely behind it; program is the
 * one that was refused, "" when that is not known.  Fills remedy with what to do.
 */
void refusal_explain(const struct inventory *inventory, const struct plan *plan, enum refused what,
		     const char *program, struct error *err,
		     char remedy[static FINDING_REMEDY_SIZE]);

#endif
