/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program's code comes to on a kernel: which relocations, and how much of its context.
 * libbpf patches existence tests with 0 or 1; code behind a test that fails is never run, and the
 * verifier does not look at it.  Only constants and the context's address are followed through
 * registers, so what is not reached here is not reached by the verifier either; what is reached
 * here may yet be kept away by a test that is more than that.
 */
#ifndef DECIDE_REACH_H
#define DECIDE_REACH_H

#include "core/reduce.h"

/* An object made ready for that: its relocations by their places. */
struct reach;

/*
 * object is number place of those that set was made of; both must outlive it.  -ENOMEM or 0;
 * reach_close() frees.
 */
int reach_open(const struct object *object, const struct reloset *set, size_t place,
	       struct reach **out);
void reach_close(struct reach *reach);

/*
 * Sets reached[i] for each relocation record i of the object that the program, or a subprogram of
 * it, comes to; the others stay as they are.  *context_end becomes the end of what the program
 * itself reads of its context, in bytes, by its own instructions and at places that no relocation
 * moves: at least that much it reads.  answers are the kernel's, or without states where they are
 * not known: then no test fails.  -ENOMEM or 0.
 */
int reach_code(const struct reach *reach, size_t program, const struct answers *answers,
	       bool *reached, size_t *context_end);

#endif
