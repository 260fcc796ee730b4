/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle: resolves every CO-RE relocation of an object with libbpf's own resolver against two
 * BTFs and compares all that reaches the instruction, asked alone and in the object's order.
 *
 *     oracle OBJECT BTF              prints what each relocation comes to
 *     oracle OBJECT FULL REDUCED     prints the differences; 0 none, 1 some, 2 cannot tell
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "tests/oracle/judge.h"
#include "tests/oracle/relos.h"

static struct btf *read_btf(const char *path)
{
	struct btf *btf = btf__parse(path, NULL);

	if (!btf)
		err(2, "%s: libbpf cannot read this BTF", path);
	return btf;
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
		if (answers_agree(&full, &reduced, relo->kind))
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
		struct answer fresh = side_ask_fresh(side, local, &relos->items[i], (int)i);
		struct answer ordered = side_ask_in_order(side, local, &relos->items[i], (int)i);
		print_relo(object, local, &relos->items[i], i);
		print_answer("fresh", &fresh);
		if (!answers_agree(&fresh, &ordered, relos->items[i].kind))
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
		side_open(&sides[i], read_btf(argv[2 + i]), local);

	if (argc == 3) {
		show(object, local, &relos, &sides[0]);
	} else {
		differences = compare(object, local, &relos, sides, side_ask_fresh, "fresh");
		differences += compare(object, local, &relos, sides, side_ask_in_order, "in order");
		printf("%s: %zu relocations, %zu differences\n", object, relos.count, differences);
	}

	for (int i = 0; i < argc - 2; i++)
		side_close(&sides[i], local);
	relos_free(&relos);
	btf__free(local);
	return differences ? 1 : 0;
}
