/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside decide/: what a program's code calls and refers to, through all of its subprograms. */
#ifndef DECIDE_CALLS_H
#define DECIDE_CALLS_H

#include "decide/needs.h"

/* Fills helpers, maps, kfuncs and global_data of *out; -ENOMEM or 0. */
int calls_read(const struct object *object, const struct object_program *program,
	       struct program_needs *out);

#endif
