/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trial: an object's types and relocations as a compiler could have written them, and two
 * kernels whose types are those after some years of development; the second is the first after
 * some more.
 */
#ifndef TESTS_ORACLE_GENERATE_H
#define TESTS_ORACLE_GENERATE_H

#include "tests/oracle/graph.h"

enum { TRIAL_RELOS = 8, ACCESS_STEPS = 6 };

struct relo {
	int root;
	uint32_t kind;           /* enum bpf_core_relo_kind */
	int step_count;          /* of the access string, the first one included */
	int steps[ACCESS_STEPS];
};

struct trial {
	uint64_t seed;
	struct graph local, kernels[2];
	int relo_count;
	struct relo relos[TRIAL_RELOS];
};

/* The same seed gives the same trial. */
void trial_generate(struct trial *trial, uint64_t seed);

/* Random numbers; state is all there is to one source. */
uint32_t pick(uint64_t *state, uint32_t below);

/* The type that step number i of a relocation starts from, behind modifiers. */
int relo_step_owner(const struct graph *graph, const struct relo *relo, int i);

/* Changes a kernel as its developers do, or its compiler. */
void mutate(uint64_t *state, struct graph *graph);

#endif
