/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libbpf's own resolver makes of a relocation.  Each one can be asked with a fresh list of
 * candidate types (a program loaded alone), and in the object's order with one list per local type
 * that libbpf prunes as it goes (the object loaded whole).
 */
#ifndef TESTS_ORACLE_JUDGE_H
#define TESTS_ORACLE_JUDGE_H

#include <stdint.h>

#include "tests/oracle/libbpf_hidden.h"

/* One BTF to resolve against; candidate lists by local type id, as found and as pruned so far. */
struct side {
	struct btf *btf;
	struct bpf_core_cand_list **found;
	struct bpf_core_cand_list **pruned;
};

struct answer {
	int error;                       /* negative errno: libbpf refuses to load */
	struct bpf_core_relo_res result; /* otherwise */
};

/* Takes btf, which side_close() frees. */
void side_open(struct side *side, struct btf *btf, const struct btf *local);
void side_close(struct side *side, const struct btf *local);

/* Forgets what was pruned: as the object loaded anew. */
void side_start_over(struct side *side, const struct btf *local);

struct answer side_ask_fresh(struct side *side, const struct btf *local,
			     const struct bpf_core_relo *relo, int index);
struct answer side_ask_in_order(struct side *side, const struct btf *local,
				const struct bpf_core_relo *relo, int index);

/*
 * True when the instruction comes out the same.  The value of a target type id is a place in a BTF,
 * not a fact about the kernel, and is left out.
 */
bool answers_agree(const struct answer *a, const struct answer *b, uint32_t kind);

#endif
