/* SPDX-License-Identifier: BSD-2-Clause */
/* Each function is something that kernel releases, configurations or compilers do to types. */
#include <string.h>

#include "tests/oracle/generate.h"
#include "tests/oracle/names.h"

static struct type *any_type(uint64_t *state, struct graph *graph)
{
	for (int tries = 0; tries < 8; tries++) {
		struct type *type = &graph->types[1 + pick(state, (uint32_t)graph->count - 1)];
		if (!type->gone)
			return type;
	}
	return &graph->types[1];
}

static struct type *any_of(uint64_t *state, struct graph *graph,
			   bool (*wanted)(const struct type *type))
{
	for (int tries = 0; tries < 8; tries++) {
		struct type *type = any_type(state, graph);
		if (wanted(type))
			return type;
	}
	return NULL;
}

static struct type *any_composite(uint64_t *state, struct graph *graph)
{
	return any_of(state, graph, type_is_composite);
}

static bool has_parts(const struct type *type)
{
	return (type_is_composite(type) || type_is_enum(type)) && type->part_count > 0;
}

static struct part *any_part(uint64_t *state, struct type *type)
{
	return &type->parts[pick(state, (uint32_t)type->part_count)];
}

static int any_reference(uint64_t *state, struct graph *graph, int from, int otherwise)
{
	for (int tries = 0; tries < 8; tries++) {
		int to = graph_index(graph, any_type(state, graph));
		if (graph_may_refer(graph, from, to))
			return to;
	}
	return otherwise;
}

static bool can_be_bits(const struct graph *graph, int type)
{
	const struct type *t = &graph->types[graph_skip(graph, type)];

	return t->kind == BTF_KIND_INT || type_is_enum(t);
}

static void move_member(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);

	if (!type || type->kind != BTF_KIND_STRUCT)
		return;
	struct part *part = any_part(state, type);
	part->offset = part->width ? pick(state, 130) : pick(state, 24) * 8;
	if (type->size < 40)
		type->size = 40;
}

/* As where something was inserted above, or the lock's debugging made it longer. */
static void shift_members(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);

	if (!type || type->kind != BTF_KIND_STRUCT)
		return;
	uint32_t by = 8 * (1 + pick(state, 8));
	for (int i = (int)pick(state, (uint32_t)type->part_count); i < type->part_count; i++)
		type->parts[i].offset += by * 8;
	type->size += by;
}

static const char *other_name(uint64_t *state, const struct type *type)
{
	if (type_is_enum(type))
		return value_name(pick(state, VALUE_NAMES));
	return member_name(pick(state, MEMBER_NAMES));
}

static void rename_part(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);

	if (!type)
		return;
	struct part *part = any_part(state, type);
	if (*part->name)
		part->name = other_name(state, type);
}

static void drop_part(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);

	/* C has no enum without enumerators */
	if (type && (type->part_count > 1 || type_is_composite(type)))
		type_drop_part(type, (int)pick(state, (uint32_t)type->part_count));
}

/* Before, among or behind the others: behind a flexible array, too, as BTF allows. */
static void add_part(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);
	int held = type ? any_reference(state, graph, graph_index(graph, type), 0) : 0;
	struct part *last = held ? type_add_part(type, other_name(state, type)) : NULL;

	if (!last)
		return;
	if (type_is_enum(type)) {
		last->value = (int64_t)pick(state, 9) - 4;
		type->flag |= last->value < 0;
		return;
	}
	last->type = held;
	last->offset = type->kind == BTF_KIND_UNION ? 0 : type->size * 8;
	type->size += (uint32_t)graph_size(graph, last->type);
	struct part *first = any_part(state, type), before = *last;
	*last = *first;
	*first = before;
}

static void swap_parts(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, has_parts);

	if (!type)
		return;
	struct part *a = any_part(state, type), *b = any_part(state, type), before = *a;
	*a = *b;
	*b = before;
}

static void retype_part(uint64_t *state, struct graph *graph)
{
	struct type *type = any_composite(state, graph);

	if (!type || !type->part_count)
		return;
	struct part *part = any_part(state, type);
	if (!*part->name)
		return;
	part->type = any_reference(state, graph, graph_index(graph, type), part->type);
	if (!can_be_bits(graph, part->type)) {
		part->width = 0;
		part->offset &= ~7U;
	}
}

static void make_bits(uint64_t *state, struct graph *graph)
{
	struct type *type = any_composite(state, graph);

	if (!type || !type->part_count)
		return;
	struct part *part = any_part(state, type);
	uint32_t size = can_be_bits(graph, part->type) ? (uint32_t)graph_size(graph, part->type) : 0;
	if (part->width) {
		part->width = 0;
		part->offset &= ~7U;
	} else if (size && size <= 8) {
		part->width = 1 + pick(state, size * 8 - 1);
	}
}

/* Members move into an unnamed struct or union at their place. */
static void wrap_parts(uint64_t *state, struct graph *graph)
{
	struct type *type = any_composite(state, graph);

	if (!type || !type->part_count)
		return;
	struct type *inner = graph_add(graph, pick(state, 3) ? BTF_KIND_STRUCT : BTF_KIND_UNION, "");
	if (!inner)
		return;
	int first = (int)pick(state, (uint32_t)type->part_count);
	int count = 1 + (int)pick(state, (uint32_t)(type->part_count - first));
	uint32_t base = type->parts[first].offset & ~7U;
	for (int i = 0; i < count; i++) {
		struct part part = type->parts[first + i];
		part.offset = inner->kind == BTF_KIND_UNION || part.offset < base ? 0
										 : part.offset - base;
		inner->parts[inner->part_count++] = part;
	}
	inner->size = type->size;
	while (--count > 0)
		type_drop_part(type, first + 1);
	type->parts[first] = (struct part){
		.name = "", .type = graph_index(graph, inner), .offset = base,
	};
}

static void rename_type(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);

	if (type_is_composite(type) || type_is_enum(type) || type->kind == BTF_KIND_FWD ||
	    type->kind == BTF_KIND_TYPEDEF)
		type->name = type_name(pick(state, TYPE_NAMES));
}

static bool is_long(const struct type *type)
{
	return type->kind == BTF_KIND_INT && strstr(type->name, "long");
}

/*
 * A kernel of the other word size: libbpf takes that of `long` for a pointer's.  All that is named
 * like it has the same, as everywhere.
 */
static void change_word(uint64_t *state, struct graph *graph)
{
	uint32_t size = 4;
	bool found = false;

	(void)state;
	for (int i = 1; i < graph->count; i++)
		if (is_long(&graph->types[i]) && graph->types[i].size == 4)
			size = 8;
	for (int i = 1; i < graph->count; i++) {
		struct type *type = &graph->types[i];
		if (!is_long(type))
			continue;
		type->size = size;
		found = true;
	}
	struct type *type = found ? NULL : graph_add(graph, BTF_KIND_INT, "long");
	if (type) {
		type->size = size;
		type->encoding = BTF_INT_SIGNED;
	}
}

static void resize_type(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);

	if (type_is_composite(type))
		type->size += 8;
	else if (is_long(type))
		change_word(state, graph);
	else if (type->kind == BTF_KIND_INT || type_is_enum(type))
		type->size = 1U << pick(state, 4);
	else if (type->kind == BTF_KIND_ARRAY)
		type->size = pick(state, 6);
}

static void change_sign(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);

	if (type->kind == BTF_KIND_INT)
		type->encoding ^= BTF_INT_SIGNED;
	else if (type_is_enum(type) || type->kind == BTF_KIND_FWD)
		type->flag = !type->flag;
}

static void change_value(uint64_t *state, struct graph *graph)
{
	struct type *type = any_of(state, graph, type_is_enum);

	if (!type)
		return;
	if (pick(state, 3) == 0) {
		type->kind = BTF_KIND_ENUM64;
		type->size = 8;
	}
	any_part(state, type)->value = type->kind == BTF_KIND_ENUM64 && pick(state, 2)
		? (int64_t)pick(state, 3) - 1 - ((int64_t)1 << 33) : (int64_t)pick(state, 7) - 3;
}

/* struct to union, and back. */
static void change_kind(uint64_t *state, struct graph *graph)
{
	struct type *type = any_composite(state, graph);

	if (!type)
		return;
	type->kind = type->kind == BTF_KIND_UNION ? BTF_KIND_STRUCT : BTF_KIND_UNION;
	for (int i = 0; type->kind == BTF_KIND_UNION && i < type->part_count; i++)
		type->parts[i].offset = 0;
}

static void declare_forward(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);

	if (type->kind != BTF_KIND_PTR && !type_is_modifier(type))
		return;
	struct type *to = &graph->types[type->to];
	bool is_union = to->kind == BTF_KIND_UNION;
	const char *name = type_is_composite(to) && *to->name ? to->name : type_name(0);
	int self = graph_index(graph, type);
	struct type *forward = graph_add(graph, BTF_KIND_FWD, name);
	if (!forward)
		return;
	forward->flag = is_union;
	/* only behind a pointer: members keep having a size */
	if (type->kind == BTF_KIND_PTR)
		graph->types[self].to = graph_index(graph, forward);
	else if (type->kind == BTF_KIND_TYPEDEF && graph_size(graph, self) < 0)
		graph->types[self].to = graph_index(graph, forward);
}

static void point_elsewhere(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);
	int self = graph_index(graph, type);

	if (type->kind == BTF_KIND_PTR)
		type->to = any_reference(state, graph, self, 0);
	else if (type->kind == BTF_KIND_FUNC_PROTO && type->part_count)
		type_drop_part(type, 0);
	else if (type->kind == BTF_KIND_FUNC_PROTO)
		type_add_part(type, "")->type = any_reference(state, graph, self, 0);
}

/* A typedef, a qualifier or a tag comes between a type and what it refers to. */
static void modify(uint64_t *state, struct graph *graph)
{
	static const uint8_t kinds[] = { BTF_KIND_TYPEDEF, BTF_KIND_CONST, BTF_KIND_VOLATILE,
					 BTF_KIND_RESTRICT, BTF_KIND_TYPE_TAG };
	struct type *type = any_type(state, graph);
	int *reference = &type->to;
	uint32_t kind = kinds[pick(state, sizeof(kinds))];

	if (type->part_count && !type_is_enum(type)) {
		struct part *part = any_part(state, type);
		reference = *part->name || type->kind == BTF_KIND_FUNC_PROTO ? &part->type : NULL;
	} else if (type->kind != BTF_KIND_PTR && type->kind != BTF_KIND_ARRAY &&
		   !type_is_modifier(type)) {
		reference = NULL;
	}
	struct type *between = reference ? graph_add(graph, kind, "") : NULL;
	if (!between)
		return;
	if (kind == BTF_KIND_TYPEDEF)
		between->name = type_name(pick(state, TYPE_NAMES));
	else if (kind == BTF_KIND_TYPE_TAG)
		between->name = "rcu";
	between->to = *reference;
	*reference = graph_index(graph, between);
}

/* Another type of the same name, laid out in another way. */
static void duplicate(uint64_t *state, struct graph *graph)
{
	struct type *type = any_type(state, graph);
	struct type *copy = graph_add(graph, type->kind, type->name);

	if (!copy)
		return;
	*copy = *type;
	if (type_is_composite(copy) && copy->part_count > 1 && pick(state, 2))
		type_drop_part(copy, (int)pick(state, (uint32_t)copy->part_count));
	if (copy->kind == BTF_KIND_STRUCT && pick(state, 2))
		for (int i = 0; i < copy->part_count; i++)
			copy->parts[i].offset += 64;
	if (type_is_composite(copy) && pick(state, 2))
		copy->size += 8;
	if (type_is_enum(copy) && pick(state, 2))
		copy->parts[0].value++;
	if (pick(state, 2))
		type_swap(graph, graph_index(graph, type), graph_index(graph, copy));
}

static void reorder(uint64_t *state, struct graph *graph)
{
	int a = graph_index(graph, any_type(state, graph));
	int b = graph_index(graph, any_type(state, graph));

	type_swap(graph, a, b);
}

/* The first type stays, so that there is one to refer to. */
static void drop_type(uint64_t *state, struct graph *graph)
{
	int id = graph_index(graph, any_type(state, graph));

	if (id > 1 && graph->types[1].kind == BTF_KIND_INT)
		graph_drop(graph, id, 1);
}

void mutate(uint64_t *state, struct graph *graph)
{
	static void (*const ways[])(uint64_t *state, struct graph *graph) = {
		move_member, move_member, shift_members, shift_members, rename_part, rename_part,
		drop_part, drop_part, add_part, add_part, swap_parts, retype_part, retype_part,
		make_bits, make_bits, wrap_parts, wrap_parts, rename_type, rename_type, resize_type,
		resize_type, change_sign, change_value, change_value, change_kind, declare_forward,
		point_elsewhere, modify, modify, modify, duplicate, duplicate, duplicate, duplicate,
		reorder, drop_type, change_word,
	};

	struct graph before = *graph;

	ways[pick(state, sizeof(ways) / sizeof(ways[0]))](state, graph);
	if (!graph_is_valid(graph))
		*graph = before;
}
