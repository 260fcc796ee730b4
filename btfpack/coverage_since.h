/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an application wins and loses against the version before, on the same kernels.  A kernel is
 * lost when the application fit and does not any more, or when a program that was in use there
 * fails now; and won the other way round.
 */
#ifndef BTFPACK_COVERAGE_SINCE_H
#define BTFPACK_COVERAGE_SINCE_H

#include "btfpack/coverage.h"

/* From the best to the worst. */
enum since_change { SINCE_UNCHANGED, SINCE_CHANGED, SINCE_WON, SINCE_LOST, SINCE_CHANGES };

/* A program that fails on one side only. */
struct since_program {
	const struct coverage_program *program; /* with the findings of the side where it fails */
	bool lost;               /* that is the new one */
};

/* Kernels that went from one outcome to another. */
struct since_item {
	enum since_change change;
	size_t before, after;    /* outcomes of either side; COVERAGE_NONE: no object for them */
	struct since_program *programs;
	size_t *kernels;         /* of the pack, in its order */
	size_t program_count, kernel_count, kernel_capacity;
};

struct since {
	const struct coverage *before, *after;
	struct since_item *items; /* the worst change first, then those of most kernels */
	size_t count, capacity;
	size_t totals[SINCE_CHANGES]; /* kernels */
};

/* Compares both sides, which are of the same pack.  since_free() frees. */
int since_compare(const struct coverage *before, const struct coverage *after, struct since *out,
		  struct error *err);
void since_free(struct since *since);

/* "won" ... as the schema has it. */
const char *since_change_name(enum since_change change);

#endif
