/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the place is there that a program attaches to, and libbpf gets to it. */
#ifndef DECIDE_PLACES_H
#define DECIDE_PLACES_H

#include "decide/evidence.h"

/*
 * Fills *out with what is known before attaching; true when that is certain to keep the program
 * away (a no, or blocked), so that an attempt can say no more.
 */
bool place_judge(const struct evidence *evidence, const struct program_needs *program,
		 const struct program_evidence *known, struct finding *out);

/* Attaching was tried and refused with this positive errno: who did it, as blocked_by(). */
void place_blocked(const struct evidence *evidence, const struct program_needs *program, int error,
		   struct finding *out);

#endif
