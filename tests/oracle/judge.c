/* SPDX-License-Identifier: BSD-2-Clause */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/judge.h"

static void *allocate(size_t count, size_t size)
{
	void *p = calloc(count + !count, size);
	if (!p)
		errx(2, "out of memory");
	return p;
}

static struct bpf_core_cand_list *copy_list(const struct bpf_core_cand_list *list)
{
	struct bpf_core_cand_list *copy = allocate(1, sizeof(*copy));

	copy->cands = allocate((size_t)list->len, sizeof(*copy->cands));
	copy->len = list->len;
	if (list->len)
		memcpy(copy->cands, list->cands, (size_t)list->len * sizeof(*copy->cands));
	return copy;
}

static void free_list(struct bpf_core_cand_list *list)
{
	if (list)
		free(list->cands);
	free(list);
}

void side_open(struct side *side, struct btf *btf, const struct btf *local)
{
	side->btf = btf;
	side->found = allocate(btf__type_cnt(local), sizeof(*side->found));
	side->pruned = allocate(btf__type_cnt(local), sizeof(*side->pruned));
}

void side_close(struct side *side, const struct btf *local)
{
	for (__u32 i = 0; i < btf__type_cnt(local); i++) {
		free_list(side->found[i]);
		free_list(side->pruned[i]);
	}
	free(side->found);
	free(side->pruned);
	btf__free(side->btf);
}

void side_start_over(struct side *side, const struct btf *local)
{
	for (__u32 i = 0; i < btf__type_cnt(local); i++) {
		if (!side->found[i])
			continue;
		free_list(side->pruned[i]);
		side->pruned[i] = copy_list(side->found[i]);
	}
}

/* An anonymous root type has no candidates; libbpf refuses the relocation before it looks. */
static void find_candidates(struct side *side, const struct btf *local, __u32 id)
{
	struct bpf_core_cand self = { .btf = local, .id = id };
	const struct btf_type *type = btf__type_by_id(local, id);

	if (side->found[id])
		return;
	if (!type)
		errx(2, "relocation of type id %u, which the object does not have", id);
	const char *name = btf__name_by_offset(local, type->name_off);
	side->found[id] = allocate(1, sizeof(*side->found[id]));
	if (name && *name && bpf_core_add_cands(&self, bpf_core_essential_name_len(name),
						side->btf, "target", 1, side->found[id]))
		errx(2, "out of memory");
	side->pruned[id] = copy_list(side->found[id]);
}

/*
 * Asks libbpf and keeps the list as it leaves it.  After an error the list is put back: the program
 * that asked cannot be loaded, and the others go on as if it were not there.
 */
static struct answer ask(struct bpf_core_cand_list **list, const struct btf *local,
			 const struct bpf_core_relo *relo, int index)
{
	static struct bpf_core_spec scratch;
	struct bpf_core_cand_list *before = copy_list(*list);
	struct answer answer = { 0 };

	memset(&scratch, 0, sizeof(scratch));
	answer.error = bpf_core_calc_relo_insn("oracle", relo, index, local, *list, &scratch,
					       &answer.result);
	if (answer.error) {
		struct bpf_core_cand_list *spoiled = *list;
		*list = before;
		before = spoiled;
	}
	free_list(before);
	return answer;
}

struct answer side_ask_fresh(struct side *side, const struct btf *local,
			     const struct bpf_core_relo *relo, int index)
{
	find_candidates(side, local, relo->type_id);
	struct bpf_core_cand_list *list = copy_list(side->found[relo->type_id]);
	struct answer answer = ask(&list, local, relo, index);
	free_list(list);
	return answer;
}

struct answer side_ask_in_order(struct side *side, const struct btf *local,
				const struct bpf_core_relo *relo, int index)
{
	find_candidates(side, local, relo->type_id);
	return ask(&side->pruned[relo->type_id], local, relo, index);
}

bool answers_agree(const struct answer *a, const struct answer *b, uint32_t kind)
{
	const struct bpf_core_relo_res *x = &a->result, *y = &b->result;

	if (a->error || b->error)
		return a->error == b->error;
	return x->poison == y->poison && x->validate == y->validate &&
	       x->fail_memsz_adjust == y->fail_memsz_adjust && x->orig_val == y->orig_val &&
	       (kind == BPF_CORE_TYPE_ID_TARGET || x->new_val == y->new_val) &&
	       x->orig_sz == y->orig_sz && x->new_sz == y->new_sz;
}
