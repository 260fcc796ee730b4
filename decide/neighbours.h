/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For a release that a payload lacks: the builds around it.  Its *neighbours* are the packed
 * kernels of its architecture, its distribution (ID and VERSION_ID, the families' aliases with it),
 * its series (6.1) and its flavour (cloud-amd64).  Where some are older and some are newer, and all
 * of them have one stored BTF, which is to say that every relocation of the objects has the same
 * answer on each of them, then it is likely that the one between them has, too.  A packed build of
 * the very release, which is not the one that is asked for, must agree as well.
 *
 * It is no proof, and nothing is used for it that nobody asked for: docs/nearest.md has how often
 * it was right.
 */
#ifndef DECIDE_NEIGHBOURS_H
#define DECIDE_NEIGHBOURS_H

#include "host/facts.h"
#include "payload/reader.h"

struct neighbours {
	bool agree;              /* and stand on both sides: one of their BTFs may be taken */
	size_t older, newer;     /* how many; 0 of both: none is packed */
	size_t first, last;      /* where there are any: payload_kernel() of the oldest, the newest */
	uint32_t btf;            /* agree: the one that all have */
};

struct neighbours neighbours_find(const struct payload *payload, const char *arch,
				  const char *release, const struct os_release *os);

/*
 * "the 5 builds of it around (3 older, 2 newer, 6.1.0-48-cloud-amd64 to 6.1.0-56-cloud-amd64) have
 * one BTF"; neighbours agree.
 */
void neighbours_say(const struct neighbours *neighbours, const struct payload *payload, char *text,
		    size_t size);

#endif
