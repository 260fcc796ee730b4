/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a program comes: five levels, each with its answer. */
#ifndef DECIDE_LEVELS_H
#define DECIDE_LEVELS_H

#include "decide/evidence.h"

enum level { LEVEL_PARSES, LEVEL_RELOCATES, LEVEL_LOADS, LEVEL_ATTACHES, LEVEL_FIRES, LEVELS };

/* "parses", "relocates" ... */
const char *level_name(enum level level);

/* Judges one program; behind a no, what would come later is skipped. */
void levels_judge(const struct evidence *evidence, size_t program, struct finding out[LEVELS]);

#endif
