/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads its input as the plan of a small kernel and of a small object, both as a compiler could
 * have written them: few names, so that they meet; several types of one name; arrays of none;
 * bitfields.
 * libbpf must find the same in the reduced BTF as in the full one.  A refusal is no lie and passes;
 * with AGREE_STRICT in the environment it does not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "core/reduce.h"
#include "tests/oracle/judge.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_TYPES = 24, MAX_RELOS = 12, ACCESS_SIZE = 64 };

/* The plan: one byte a decision, zeros when it ends. */
struct plan {
	const uint8_t *data;
	size_t size;
};

static uint32_t pick(struct plan *plan, uint32_t below)
{
	if (!plan->size)
		return 0;
	plan->size--;
	return *plan->data++ % below;
}

/* A BTF in the making; sizes[id] is 0 for what cannot be a member (void, functions, forwards). */
struct maker {
	struct btf *btf;
	uint32_t count;
	uint32_t sizes[MAX_TYPES + 1];
	uint32_t names[MAX_TYPES + 1]; /* of members, also of unnamed ones' members: bits */
	bool holds_bits[MAX_TYPES + 1];
};

static const char *const type_names[] = { "a", "b", "a___x", "b___y", "c", "a" };
static const char *const member_names[] = { "p", "q", "r", "s", "t" };
static const char *const value_names[] = { "V", "W", "X" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *pick_type_name(struct plan *plan)
{
	return type_names[pick(plan, COUNT(type_names))];
}

/* An earlier type with a size, 0 when there is none. */
static uint32_t pick_sized(struct plan *plan, const struct maker *maker)
{
	uint32_t id, start = pick(plan, maker->count);

	for (id = start; id > 0; id--)
		if (maker->sizes[id])
			return id;
	for (id = start + 1; id < maker->count; id++)
		if (maker->sizes[id])
			return id;
	return 0;
}

static void add_int(struct plan *plan, struct maker *maker)
{
	static const char *const names[] = { "int", "char", "long", "unsigned long" };
	static const int encodings[] = { 0, BTF_INT_SIGNED, BTF_INT_BOOL, BTF_INT_CHAR };
	uint32_t size = 1U << pick(plan, 4);

	btf__add_int(maker->btf, names[pick(plan, 4)], size, encodings[pick(plan, 4)]);
	maker->sizes[maker->count] = size;
	maker->holds_bits[maker->count] = true;
}

/* A name that the struct does not have yet, "" for an unnamed one, NULL when all are gone. */
static const char *pick_member_name(struct plan *plan, struct maker *maker, uint32_t type)
{
	const struct btf_type *t = btf__type_by_id(maker->btf, type);
	uint32_t *used = &maker->names[maker->count], start = pick(plan, COUNT(member_names) + 1);

	if (start == COUNT(member_names) && btf_is_composite(t) && !t->name_off &&
	    !(*used & maker->names[type])) {
		*used |= maker->names[type];
		return "";
	}
	for (uint32_t i = 0; i < COUNT(member_names); i++) {
		uint32_t name = (start + i) % COUNT(member_names);
		if (*used & 1U << name)
			continue;
		*used |= 1U << name;
		return member_names[name];
	}
	return NULL;
}

static void add_composite(struct plan *plan, struct maker *maker, bool is_union)
{
	const char *name = pick(plan, 3) ? pick_type_name(plan) : "";
	uint32_t members = pick(plan, 6), bits = 0, offset, id = maker->count;

	if (is_union)
		btf__add_union(maker->btf, name, 8);
	else
		btf__add_struct(maker->btf, name, 8);
	for (; members > 0; members--) {
		uint32_t type = pick_sized(plan, maker);
		uint32_t width = pick(plan, 3) || !maker->holds_bits[type] ? 0 : 1 + pick(plan, 7);
		uint32_t unit = maker->sizes[type] < 8 ? maker->sizes[type] * 8 : 64;
		const char *member = type ? pick_member_name(plan, maker, type) : NULL;
		if (!member)
			break;
		if (!width || bits % unit + width > unit)
			bits = (bits + unit - 1) / unit * unit;
		offset = is_union ? 0 : bits;
		btf__add_field(maker->btf, member, (int)type, offset, width);
		/* An array of none takes no room, but its sizes[] says 1, to be a member at all. */
		bits += width ? width : maker->sizes[type] * 8;
	}
	struct btf_type *t = (struct btf_type *)btf__type_by_id(maker->btf, id);
	t->size = is_union ? 8 : bits / 8 + 8;
	maker->sizes[id] = t->size;
}

static void add_enum(struct plan *plan, struct maker *maker, bool wide)
{
	uint32_t values = 1 + pick(plan, COUNT(value_names)), first = pick(plan, COUNT(value_names));
	const char *name = pick(plan, 4) ? pick_type_name(plan) : "";

	if (wide)
		btf__add_enum64(maker->btf, name, 8, pick(plan, 2));
	else
		btf__add_enum(maker->btf, name, 4);
	for (; values > 0; values--) {
		const char *value = value_names[(first + values) % COUNT(value_names)];
		if (wide)
			btf__add_enum64_value(maker->btf, value, (uint64_t)pick(plan, 5) << 40);
		else
			btf__add_enum_value(maker->btf, value, (int)pick(plan, 5) - 2);
	}
	maker->sizes[maker->count] = wide ? 8 : 4;
	maker->holds_bits[maker->count] = true;
}

static void add_prototype(struct plan *plan, struct maker *maker)
{
	uint32_t params = pick(plan, 3);

	btf__add_func_proto(maker->btf, (int)pick(plan, maker->count));
	for (; params > 0; params--)
		btf__add_func_param(maker->btf, "", (int)pick_sized(plan, maker));
}

/* Modifiers and typedefs have what they stand for; pointers may point at what comes later. */
static void add_reference(struct plan *plan, struct maker *maker, uint32_t total)
{
	uint32_t how = pick(plan, 8);
	uint32_t to = how < 4 ? pick(plan, total) : pick(plan, maker->count);

	switch (how) {
	case 4:
		btf__add_const(maker->btf, (int)to);
		break;
	case 5:
		btf__add_type_tag(maker->btf, "user", (int)to);
		break;
	case 6:
	case 7:
		btf__add_typedef(maker->btf, pick_type_name(plan), (int)to);
		break;
	default:
		btf__add_ptr(maker->btf, (int)to);
		maker->sizes[maker->count] = 8;
		return;
	}
	maker->sizes[maker->count] = maker->sizes[to];
	maker->holds_bits[maker->count] = maker->holds_bits[to];
}

static void add_array(struct plan *plan, struct maker *maker)
{
	uint32_t element = pick_sized(plan, maker), count = pick(plan, 4);

	btf__add_array(maker->btf, (int)element, (int)element, count);
	if (element)
		maker->sizes[maker->count] = count ? maker->sizes[element] * count : 1;
}

static struct slice raw_of(const struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);

	return slice_of(data, size);
}

/* Makes a BTF; ids below `total` exist in the end. */
static void make(struct plan *plan, struct maker *maker)
{
	uint32_t total = 2 + pick(plan, MAX_TYPES - 1);

	*maker = (struct maker){ .btf = btf__new_empty(), .count = 1 };
	add_int(plan, maker);
	for (maker->count++; maker->count < total; maker->count++) {
		switch (pick(plan, 10)) {
		case 0:
			add_int(plan, maker);
			break;
		case 1:
		case 2:
		case 3:
			add_composite(plan, maker, false);
			break;
		case 4:
			add_composite(plan, maker, true);
			break;
		case 5:
			add_enum(plan, maker, false);
			break;
		case 6:
			add_enum(plan, maker, true);
			break;
		case 7:
			add_array(plan, maker);
			break;
		case 8:
			add_reference(plan, maker, total);
			break;
		default:
			if (pick(plan, 2))
				add_prototype(plan, maker);
			else
				btf__add_fwd(maker->btf, pick_type_name(plan), pick(plan, 2));
			break;
		}
	}
	/* An empty BTF has this host's pointer size; one that was read has its own. */
	struct slice raw = raw_of(maker->btf);
	struct btf *read_back = btf__new(raw.data, (uint32_t)raw.size);
	if (!read_back)
		abort();
	btf__free(maker->btf);
	maker->btf = read_back;
}

static uint32_t stands_for(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (btf_is_mod(t) || btf_is_typedef(t)) {
		id = t->type;
		t = btf__type_by_id(btf, id);
	}
	return id;
}

/*
 * Goes down from a type as an expression would: members of structs, elements of arrays.  Returns
 * the type of the last that has a name, which is what libbpf takes the field for.
 */
static uint32_t pick_access(struct plan *plan, const struct btf *btf, uint32_t id, char *text)
{
	size_t used = (size_t)snprintf(text, ACCESS_SIZE, "%u", pick(plan, 4) == 3);

	uint32_t field = id = stands_for(btf, id);
	for (int depth = 1 + (int)pick(plan, 4); depth > 0; depth--) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		uint32_t below = btf_is_composite(t) ? btf_vlen(t) : btf_is_array(t) ? 4 : 0;
		if (!below)
			break;
		uint32_t i = pick(plan, below);
		used += (size_t)snprintf(text + used, ACCESS_SIZE - used, ":%u", i);
		bool named = !btf_is_composite(t) || btf_members(t)[i].name_off;
		id = btf_is_composite(t) ? btf_members(t)[i].type : btf_array(t)->type;
		id = stands_for(btf, id);
		if (named)
			field = id;
	}
	return field;
}

/* Of anything else libbpf 1.1 reads a sign out of the bytes behind the type. */
static bool has_sign(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	return btf_is_int(t) || btf_is_any_enum(t);
}

static void pick_relo(struct plan *plan, const struct btf *btf, struct object_relo *relo,
		      char *text)
{
	relo->type = 1 + pick(plan, btf__type_cnt(btf) - 1);
	if (btf_is_type_tag(btf__type_by_id(btf, relo->type)))
		relo->type = 1; /* no expression has a tag for its type */
	relo->kind = pick(plan, BPF_CORE_TYPE_MATCHES + 1);
	relo->program = OBJECT_SUBPROGRAM;
	relo->access = text;
	switch (relo->kind) {
	case BPF_CORE_TYPE_ID_LOCAL:
	case BPF_CORE_TYPE_ID_TARGET:
	case BPF_CORE_TYPE_EXISTS:
	case BPF_CORE_TYPE_SIZE:
	case BPF_CORE_TYPE_MATCHES:
		snprintf(text, ACCESS_SIZE, "0");
		break;
	case BPF_CORE_ENUMVAL_EXISTS:
	case BPF_CORE_ENUMVAL_VALUE:
		snprintf(text, ACCESS_SIZE, "%u", pick(plan, 4));
		break;
	default:
		if (!has_sign(btf, pick_access(plan, btf, relo->type, text)) &&
		    relo->kind == BPF_CORE_FIELD_SIGNED)
			relo->kind = BPF_CORE_FIELD_EXISTS;
	}
}

/* True when a type is made of itself, by pointers and typedefs alone: not to be written in C. */
static bool has_loop(const struct btf *btf)
{
	for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
		uint32_t at = id, steps = 0;
		const struct btf_type *t = btf__type_by_id(btf, at);
		while (btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t) || btf_is_array(t) ||
		       btf_is_func_proto(t)) {
			at = btf_is_array(t) ? btf_array(t)->type : t->type;
			t = btf__type_by_id(btf, at);
			if (++steps > MAX_TYPES)
				return true;
		}
	}
	return false;
}

/* One object of types and relocations, without code. */
struct asker {
	struct maker maker;
	struct object object;
	struct object_relo relos[MAX_RELOS];
	struct bpf_core_relo records[MAX_RELOS];
	char access[MAX_RELOS][ACCESS_SIZE];
};

static void make_asker(struct plan *plan, struct asker *asker)
{
	size_t count = 1 + pick(plan, MAX_RELOS);
	struct btf *btf;

	make(plan, &asker->maker);
	btf = asker->maker.btf;
	asker->object = (struct object){ .name = "asker", .has_btf = true, .relos = asker->relos };
	for (size_t i = 0; i < count; i++) {
		struct object_relo *relo = &asker->relos[i];
		*relo = (struct object_relo){ 0 };
		pick_relo(plan, btf, relo, asker->access[i]);
		asker->records[i] = (struct bpf_core_relo){
			.type_id = relo->type,
			.kind = relo->kind,
			.access_str_off = (uint32_t)btf__add_str(btf, asker->access[i]),
		};
	}
	asker->object.relo_count = count;
}

/* For a person with a failing input: AGREE_DUMP=DIR gets object.btf and kernel.btf. */
static void dump(const struct asker *asker, const struct btf *kernel)
{
	const char *folder = getenv("AGREE_DUMP");
	const struct btf *btfs[] = { asker->maker.btf, kernel };
	char path[4096];

	for (int i = 0; folder && i < 2; i++) {
		struct slice raw = raw_of(btfs[i]);
		snprintf(path, sizeof(path), "%s/%s.btf", folder, i ? "kernel" : "object");
		FILE *out = fopen(path, "wb");
		if (!out || fwrite(raw.data, 1, raw.size, out) != raw.size || fclose(out))
			perror(path);
	}
	for (size_t i = 0; i < asker->object.relo_count; i++)
		fprintf(stderr, "agree: question %zu: type %u, kind %u, access %s\n", i,
			asker->relos[i].type, asker->relos[i].kind, asker->relos[i].access);
}

static void must(int result, const char *what, const struct error *err, const struct asker *asker,
		 const struct btf *kernel)
{
	if (result == 0)
		return;
	dump(asker, kernel);
	fprintf(stderr, "agree: %s: %s\n", what, err->text);
	abort();
}

static void print_answer(const char *label, const struct answer *answer)
{
	const struct bpf_core_relo_res *r = &answer->result;

	fprintf(stderr, "agree: %s: error %d, poison %d, validate %d, memory size fails %d, ", label,
		answer->error, r->poison, r->validate, r->fail_memsz_adjust);
	fprintf(stderr, "%llu -> %llu, size %u -> %u\n", r->orig_val, r->new_val, r->orig_sz,
		r->new_sz);
}

static void must_agree(const struct asker *asker, const struct side sides[2], size_t i,
		       const struct answer *full, const struct answer *reduced)
{
	if (answers_agree(full, reduced, asker->relos[i].kind))
		return;
	dump(asker, sides[0].btf);
	fprintf(stderr, "agree: question %zu:\n", i);
	print_answer("full", full);
	print_answer("reduced", reduced);
	abort();
}

static void compare(const struct asker *asker, struct btf *full, struct btf *reduced)
{
	const struct btf *local = asker->maker.btf;
	struct side sides[2];
	struct answer a, b;

	side_open(&sides[0], full, local);
	side_open(&sides[1], reduced, local);
	for (size_t i = 0; i < asker->object.relo_count; i++) {
		const struct bpf_core_relo *relo = &asker->records[i];
		a = side_ask_fresh(&sides[0], local, relo, 0);
		b = side_ask_fresh(&sides[1], local, relo, 0);
		must_agree(asker, sides, i, &a, &b);
		a = side_ask_in_order(&sides[0], local, relo, 0);
		b = side_ask_in_order(&sides[1], local, relo, 0);
		must_agree(asker, sides, i, &a, &b);
	}
	side_close(&sides[0], local);
	side_close(&sides[1], local);
}

/* The set is made by then; kernel is freed. */
static void reduce_and_compare(const struct asker *asker, const struct reloset *set,
			       struct btf *kernel)
{
	struct btf_view view;
	struct buffer reduced = { 0 };
	struct answers answers = { 0 };
	struct error err = ERROR_NONE;

	must(btf_view_open(&view, raw_of(kernel), &err), "kernel", &err, asker, kernel);
	int code = reduce_kernel(set, &view, true, &reduced, &answers, &err);
	if (code == 0) {
		struct btf *read_back = btf__new(reduced.data, (uint32_t)reduced.size);
		must(!read_back, "libbpf cannot read the reduced BTF", &err, asker, kernel);
		compare(asker, kernel, read_back); /* frees both */
	} else {
		must(code != -EPROTO || getenv("AGREE_STRICT"), "reduce", &err, asker, kernel);
		btf__free(kernel);
	}
	answers_free(&answers);
	buffer_free(&reduced);
	btf_view_close(&view);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	libbpf_set_print(NULL);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct asker asker;
	struct object *objects[] = { &asker.object };
	struct plan plan = { data, size };
	struct maker kernel;
	struct reloset *set;
	struct error err = ERROR_NONE;

	make_asker(&plan, &asker);
	make(&plan, &kernel);
	must(btf_view_open(&asker.object.btf, raw_of(asker.maker.btf), &err), "object", &err,
	     &asker, kernel.btf);
	if (has_loop(asker.maker.btf) || has_loop(kernel.btf)) {
		btf__free(kernel.btf);
	} else if (reloset_create(objects, 1, &set, &err) == 0) {
		reduce_and_compare(&asker, set, kernel.btf);
		reloset_destroy(set);
	} else {
		btf__free(kernel.btf); /* a question that libbpf refuses, too */
	}
	btf_view_close(&asker.object.btf);
	btf__free(asker.maker.btf);
	return 0;
}
