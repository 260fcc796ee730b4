/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle: resolves every CO-RE relocation of an object with libbpf's own resolver against two
 * BTFs and compares all that reaches the instruction.  Each relocation is asked twice: with a fresh
 * list of candidate types (a program loaded alone), and in the object's order with one list per
 * local type that libbpf prunes as it goes (the object loaded whole).
 *
 *     oracle OBJECT BTF              prints what each relocation comes to
 *     oracle OBJECT FULL REDUCED     prints the differences; 0 none, 1 some, 2 cannot tell
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "tests/oracle/libbpf_hidden.h"
#include "tests/oracle/relos.h"

/* Candidate lists by local type id: as found, and as pruned by the relocations so far. */
struct side {
	struct btf *btf;
	struct bpf_core_cand_list **found;
	struct bpf_core_cand_list **pruned;
};

struct answer {
	int error;
	struct bpf_core_relo_res result;
};

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

static void open_side(struct side *side, const char *path, const struct btf *local)
{
	side->btf = btf__parse(path, NULL);
	if (!side->btf)
		err(2, "%s: libbpf cannot read this BTF", path);
	side->found = allocate(btf__type_cnt(local), sizeof(*side->found));
	side->pruned = allocate(btf__type_cnt(local), sizeof(*side->pruned));
}

static void close_side(struct side *side, const struct btf *local)
{
	for (__u32 i = 0; i < btf__type_cnt(local); i++) {
		free_list(side->found[i]);
		free_list(side->pruned[i]);
	}
	free(side->found);
	free(side->pruned);
	btf__free(side->btf);
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

static struct answer ask_fresh(struct side *side, const struct btf *local,
			       const struct bpf_core_relo *relo, int index)
{
	find_candidates(side, local, relo->type_id);
	struct bpf_core_cand_list *list = copy_list(side->found[relo->type_id]);
	struct answer answer = ask(&list, local, relo, index);
	free_list(list);
	return answer;
}

static struct answer ask_in_order(struct side *side, const struct btf *local,
				  const struct bpf_core_relo *relo, int index)
{
	find_candidates(side, local, relo->type_id);
	return ask(&side->pruned[relo->type_id], local, relo, index);
}

/* The value of a target type id is a place in a BTF, not a fact about the kernel. */
static bool same(const struct answer *a, const struct answer *b, __u32 kind)
{
	const struct bpf_core_relo_res *x = &a->result, *y = &b->result;

	if (a->error || b->error)
		return a->error == b->error;
	return x->poison == y->poison && x->validate == y->validate &&
	       x->fail_memsz_adjust == y->fail_memsz_adjust && x->orig_val == y->orig_val &&
	       (kind == BPF_CORE_TYPE_ID_TARGET || x->new_val == y->new_val) &&
	       x->orig_sz == y->orig_sz && x->new_sz == y->new_sz;
}

static void print_answer(const char *label, const struct answer *answer)
{
	const struct bpf_core_relo_res *r = &answer->result;

	if (answer->error)
		printf(" %s: error %d", label, answer->error);
	else if (r->poison)
		printf(" %s: poison", label);
	else
		printf(" %s: %llu -> %llu, size %u -> %u%s%s", label, r->orig_val, r->new_val,
		       r->orig_sz, r->new_sz, r->validate ? "" : ", not validated",
		       r->fail_memsz_adjust ? ", memory size fails" : "");
}

static void print_relo(const char *object, const struct btf *local,
		       const struct bpf_core_relo *relo, size_t index)
{
	const struct btf_type *type = btf__type_by_id(local, relo->type_id);

	printf("%s: relocation %zu: %s %s+%s:", object, index, relo_kind_name(relo->kind),
	       btf__name_by_offset(local, type->name_off),
	       btf__name_by_offset(local, relo->access_str_off));
}

typedef struct answer ask_fn(struct side *side, const struct btf *local,
			     const struct bpf_core_relo *relo, int index);

static size_t compare(const char *object, const struct btf *local, const struct relos *relos,
		      struct side sides[2], ask_fn *ask_one, const char *manner)
{
	size_t differences = 0;

	for (size_t i = 0; i < relos->count; i++) {
		const struct bpf_core_relo *relo = &relos->items[i];
		struct answer full = ask_one(&sides[0], local, relo, (int)i);
		struct answer reduced = ask_one(&sides[1], local, relo, (int)i);
		if (same(&full, &reduced, relo->kind))
			continue;
		differences++;
		print_relo(object, local, relo, i);
		printf(" %s:", manner);
		print_answer("full", &full);
		print_answer("; reduced", &reduced);
		printf("\n");
	}
	return differences;
}

static void show(const char *object, const struct btf *local, const struct relos *relos,
		 struct side *side)
{
	for (size_t i = 0; i < relos->count; i++) {
		struct answer fresh = ask_fresh(side, local, &relos->items[i], (int)i);
		struct answer ordered = ask_in_order(side, local, &relos->items[i], (int)i);
		print_relo(object, local, &relos->items[i], i);
		print_answer("fresh", &fresh);
		if (!same(&fresh, &ordered, relos->items[i].kind))
			print_answer("; in order", &ordered);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	struct relos relos;
	struct side sides[2] = { 0 };
	size_t differences = 0;

	if (argc != 3 && argc != 4)
		errx(2, "usage: oracle OBJECT BTF [REDUCED]");
	const char *slash = strrchr(argv[1], '/');
	const char *object = slash ? slash + 1 : argv[1];

	libbpf_set_print(NULL);
	struct btf *local = btf__parse_elf(argv[1], NULL);
	if (!local)
		err(2, "%s: libbpf cannot read the object's BTF", argv[1]);
	relos_read(argv[1], &relos);
	for (int i = 0; i < argc - 2; i++)
		open_side(&sides[i], argv[2 + i], local);

	if (argc == 3) {
		show(object, local, &relos, &sides[0]);
	} else {
		differences = compare(object, local, &relos, sides, ask_fresh, "fresh");
		differences += compare(object, local, &relos, sides, ask_in_order, "in order");
		printf("%s: %zu relocations, %zu differences\n", object, relos.count, differences);
	}

	for (int i = 0; i < argc - 2; i++)
		close_side(&sides[i], local);
	relos_free(&relos);
	btf__free(local);
	return differences ? 1 : 0;
}
