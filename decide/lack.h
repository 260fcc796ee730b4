/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside decide/: the thing that a kernel does not have, behind the words with which it refuses. */
#ifndef DECIDE_LACK_H
#define DECIDE_LACK_H

#include "decide/evidence.h"

/* One program, and what is known of it. */
struct subject_program {
	const struct evidence *evidence;
	const struct program_needs *needs;
	const struct program_evidence *known;
};

/* Fills *out with the first thing that is known to be missing for the program; false: none is. */
bool lack_find(const struct subject_program *p, struct finding *out);

/* Why programs cannot have global variables, where libbpf says that they cannot. */
const char *lack_global_data(const struct facts *facts);

#endif
