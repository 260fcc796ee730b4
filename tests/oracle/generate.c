/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/bpf.h>

#include "tests/oracle/generate.h"
#include "tests/oracle/names.h"

enum { LOCAL_TYPES = 12, BITS_LIMIT = 64 };

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
uint32_t pick(uint64_t *state, uint32_t below)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ z >> 31) >> 32) % below;
}

/* A type of the graph that type may refer to, 0 (void) when luck does not find one. */
static int pick_reference(uint64_t *state, const struct graph *graph, int from)
{
	for (int tries = 0; tries < 8; tries++) {
		int to = 1 + (int)pick(state, (uint32_t)graph->count - 1);
		if (graph_may_refer(graph, from, to))
			return to;
	}
	return type_is_composite(&graph->types[from]) ? 1 : 0;
}

/* The width of a bitfield of this type, 0 when there cannot be one. */
static uint32_t pick_width(uint64_t *state, const struct graph *graph, int type)
{
	const struct type *t = &graph->types[graph_skip(graph, type)];

	if ((t->kind != BTF_KIND_INT && !type_is_enum(t)) || t->size > 8 || pick(state, 3))
		return 0;
	return 1 + pick(state, t->size * 8 - 1);
}

/* An array without length is another thing last in its struct than elsewhere. */
static void end_flexible(uint64_t *state, struct graph *graph, struct type *type, uint32_t end)
{
	struct type *array = graph_add(graph, BTF_KIND_ARRAY, "");

	array->to = pick(state, 2) ? 1 : pick_reference(state, graph, graph_index(graph, array));
	if (graph_size(graph, array->to) < 0 ||
	    !graph_may_refer(graph, graph_index(graph, type), array->to))
		array->to = 1;
	struct part *part = type_add_part(type, member_name(pick(state, MEMBER_NAMES)));
	part->type = graph_index(graph, array);
	part->offset = end;
	if (!graph_is_valid(graph))
		type->part_count--;
}

static void add_composite(uint64_t *state, struct graph *graph, struct type *type)
{
	int self = graph_index(graph, type), count = (int)pick(state, 5);
	uint32_t first = pick(state, MEMBER_NAMES), end = 0, bits = 0;

	for (int i = 0; i < count; i++) {
		int to = pick_reference(state, graph, self);
		const struct type *held = &graph->types[graph_skip(graph, to)];
		uint32_t width = pick_width(state, graph, to);
		uint32_t size = (uint32_t)graph_size(graph, to) * 8;
		uint32_t unit = size >= 64 || !size ? 64 : size >= 32 ? 32 : size >= 16 ? 16 : 8;
		struct part *part = type_add_part(type, member_name(first + (uint32_t)i));
		if (type_is_composite(held) && !*held->name && held == &graph->types[to] &&
		    pick(state, 3))
			part->name = "";
		if (!width || bits % unit + width > unit)
			bits = (bits + unit - 1) / unit * unit;
		part->type = to;
		part->offset = type->kind == BTF_KIND_UNION ? 0 : bits;
		part->width = width;
		if (type->kind == BTF_KIND_STRUCT)
			bits += width ? width : size;
		if (end < part->offset + size)
			end = part->offset + size;
	}
	for (int i = 0; i < count && !graph_is_valid(graph); i++)
		type->parts[i].name = member_name(first + (uint32_t)i);
	type->size = ((end > bits ? end : bits) + 31) / 32 * 4;
	if (type->kind == BTF_KIND_STRUCT && !pick(state, 5))
		end_flexible(state, graph, type, type->size * 8);
}

static int64_t pick_value(uint64_t *state, bool wide)
{
	int64_t value = (int64_t)pick(state, 5) - 1;

	if (wide && pick(state, 2) == 0)
		value = (int64_t)((uint64_t)value << 40) + 7;
	return value;
}

static void add_enum(uint64_t *state, struct type *type)
{
	uint32_t first = pick(state, VALUE_NAMES), count = 1 + pick(state, VALUE_NAMES);

	type->size = type->kind == BTF_KIND_ENUM64 ? 8 : pick(state, 6) ? 4 : 1;
	for (uint32_t i = 0; i < count; i++)
		type_add_part(type, value_name(first + i))->value =
			pick_value(state, type->kind == BTF_KIND_ENUM64);
	for (uint32_t i = 0; i < count; i++)
		type->flag |= type->parts[i].value < 0;
}

static void add_integer(uint64_t *state, struct graph *graph)
{
	static const struct type integers[] = {
		{ .name = "int", .size = 4, .encoding = BTF_INT_SIGNED },
		{ .name = "unsigned int", .size = 4 },
		{ .name = "char", .size = 1, .encoding = BTF_INT_SIGNED },
		{ .name = "long", .size = 8, .encoding = BTF_INT_SIGNED },
		{ .name = "unsigned long", .size = 8 },
		{ .name = "_Bool", .size = 1, .encoding = BTF_INT_BOOL },
		{ .name = "__int128", .size = 16, .encoding = BTF_INT_SIGNED },
	};
	const struct type *chosen = &integers[pick(state, 7)];
	struct type *type = graph_add(graph, BTF_KIND_INT, chosen->name);

	type->size = chosen->size;
	type->encoding = chosen->encoding;
}

static void add_reference(uint64_t *state, struct graph *graph, uint32_t kind)
{
	struct type *type = graph_add(graph, kind, "");

	if (kind == BTF_KIND_TYPEDEF)
		type->name = type_name(pick(state, TYPE_NAMES));
	if (kind == BTF_KIND_TYPE_TAG)
		type->name = "user";
	type->to = pick_reference(state, graph, graph_index(graph, type));
	if (kind == BTF_KIND_ARRAY && graph_size(graph, type->to) < 0)
		type->to = 1;
	if (kind == BTF_KIND_ARRAY)
		type->size = pick(state, 5);
	/* a tag belongs to a pointer */
	if (kind == BTF_KIND_TYPE_TAG)
		graph_add(graph, BTF_KIND_PTR, "")->to = graph_index(graph, type);
}

static void add_function(uint64_t *state, struct graph *graph)
{
	struct type *type = graph_add(graph, BTF_KIND_FUNC_PROTO, "");
	int self = graph_index(graph, type);

	type->to = pick_reference(state, graph, self);
	for (uint32_t count = pick(state, 3); count > 0; count--) {
		int parameter = pick_reference(state, graph, self);
		if (graph_size(graph, parameter) >= 0)
			type_add_part(type, "")->type = parameter;
	}
	graph_add(graph, BTF_KIND_PTR, "")->to = self;
}

static void add_any(uint64_t *state, struct graph *graph)
{
	static const uint8_t kinds[] = {
		BTF_KIND_STRUCT, BTF_KIND_STRUCT, BTF_KIND_STRUCT, BTF_KIND_STRUCT, BTF_KIND_STRUCT,
		BTF_KIND_UNION, BTF_KIND_UNION, BTF_KIND_ENUM, BTF_KIND_ENUM, BTF_KIND_ENUM64,
		BTF_KIND_INT, BTF_KIND_INT, BTF_KIND_PTR, BTF_KIND_PTR, BTF_KIND_ARRAY,
		BTF_KIND_ARRAY, BTF_KIND_ARRAY, BTF_KIND_TYPEDEF, BTF_KIND_TYPEDEF, BTF_KIND_CONST,
		BTF_KIND_VOLATILE, BTF_KIND_RESTRICT, BTF_KIND_TYPE_TAG, BTF_KIND_FWD,
		BTF_KIND_FUNC_PROTO, BTF_KIND_FLOAT,
	};
	uint32_t kind = kinds[pick(state, sizeof(kinds))];
	const char *name = pick(state, 4) ? type_name(pick(state, TYPE_NAMES)) : "";
	struct type *type;

	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		add_composite(state, graph, graph_add(graph, kind, name));
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		add_enum(state, graph_add(graph, kind, name));
		break;
	case BTF_KIND_INT:
		add_integer(state, graph);
		break;
	case BTF_KIND_FLOAT:
		graph_add(graph, kind, "double")->size = 8;
		break;
	case BTF_KIND_FWD:
		type = graph_add(graph, kind, type_name(pick(state, TYPE_NAMES)));
		type->flag = pick(state, 3) == 0;
		break;
	case BTF_KIND_FUNC_PROTO:
		add_function(state, graph);
		break;
	default:
		add_reference(state, graph, kind);
	}
}

/* Pointers may point at what comes later; what is written first cannot know it yet. */
static void tie_loops(uint64_t *state, struct graph *graph)
{
	for (int i = 1; i < graph->count; i++) {
		struct type *type = &graph->types[i];
		if (type->kind == BTF_KIND_PTR && !pick(state, 2))
			type->to = pick_reference(state, graph, i);
	}
}

static int step_into(const struct graph *graph, int owner, int step)
{
	const struct type *type = &graph->types[owner];
	int to = type_is_composite(type) ? type->parts[step].type : type->to;

	return graph_skip(graph, to);
}

int relo_step_owner(const struct graph *graph, const struct relo *relo, int i)
{
	int id = graph_skip(graph, relo->root);

	for (int k = 1; k < i; k++)
		id = step_into(graph, id, relo->steps[k]);
	return id;
}

/* How many elements an expression may name; a flexible array has no end. */
static int elements(const struct graph *graph, const struct relo *relo, int owner)
{
	int last = relo->step_count - 1;

	if (graph->types[owner].size > 0 || last < 1)
		return (int)graph->types[owner].size;
	const struct type *holder = &graph->types[relo_step_owner(graph, relo, last)];
	bool flexible = type_is_composite(holder) && *holder->parts[relo->steps[last]].name &&
			relo->steps[last] + 1 == holder->part_count;
	return flexible ? 3 : 0;
}

/*
 * Goes down from the root as an expression would. Returns the type of the last that has a name,
 * which is what libbpf takes the field for.
 */
static int pick_access(uint64_t *state, const struct graph *graph, struct relo *relo)
{
	int id = graph_skip(graph, relo->root), field = id;

	relo->steps[0] = pick(state, 6) == 0;
	for (relo->step_count = 1; relo->step_count < ACCESS_STEPS; relo->step_count++) {
		const struct type *type = &graph->types[id];
		int below = type_is_composite(type) ? type->part_count : 0;
		if (type->kind == BTF_KIND_ARRAY)
			below = elements(graph, relo, id);
		if (!below || (relo->step_count > 1 && !pick(state, 3)))
			break;
		int step = (int)pick(state, (uint32_t)below);
		bool named = !type_is_composite(type) || *type->parts[step].name;
		relo->steps[relo->step_count] = step;
		id = step_into(graph, id, step);
		field = named ? id : field;
	}
	return field;
}

/* A root has a name and, where a field is asked for, a size. */
static int pick_root(uint64_t *state, const struct graph *graph)
{
	for (int tries = 0; tries < 16; tries++) {
		int id = 1 + (int)pick(state, (uint32_t)graph->count - 1);
		const struct type *t = &graph->types[id];
		bool dull = t->kind == BTF_KIND_INT || t->kind == BTF_KIND_FLOAT;
		if (*t->name && t->kind != BTF_KIND_TYPE_TAG && !(dull && pick(state, 8)))
			return id;
	}
	return 1;
}

static uint32_t pick_kind(uint64_t *state, const struct graph *graph, int root)
{
	static const uint8_t of_types[] = {
		BPF_CORE_TYPE_ID_LOCAL, BPF_CORE_TYPE_ID_TARGET, BPF_CORE_TYPE_EXISTS,
		BPF_CORE_TYPE_SIZE, BPF_CORE_TYPE_MATCHES, BPF_CORE_TYPE_MATCHES,
	};
	const struct type *behind = &graph->types[graph_skip(graph, root)];

	if (type_is_enum(behind) && pick(state, 4))
		return pick(state, 2) ? BPF_CORE_ENUMVAL_EXISTS : BPF_CORE_ENUMVAL_VALUE;
	if (type_is_composite(behind) && pick(state, 4))
		return pick(state, BPF_CORE_FIELD_RSHIFT_U64 + 1);
	if (graph_size(graph, root) >= 0 && !pick(state, 8))
		return pick(state, BPF_CORE_FIELD_RSHIFT_U64 + 1);
	return of_types[pick(state, sizeof(of_types))];
}

static void pick_relo(uint64_t *state, const struct graph *graph, int root, struct relo *relo)
{
	*relo = (struct relo){ .root = root, .step_count = 1 };
	relo->kind = pick_kind(state, graph, relo->root);
	if (relo->kind == BPF_CORE_ENUMVAL_EXISTS || relo->kind == BPF_CORE_ENUMVAL_VALUE) {
		const struct type *type = &graph->types[graph_skip(graph, relo->root)];
		relo->steps[0] = (int)pick(state, (uint32_t)type->part_count);
	} else if (relo->kind <= BPF_CORE_FIELD_RSHIFT_U64) {
		const struct type *field = &graph->types[pick_access(state, graph, relo)];
		/*
		 * Asked for the sign of anything but an integer or enum, libbpf 1.1 takes the word
		 * behind the type's record for an integer's encoding: bytes of another type.
		 */
		if (relo->kind == BPF_CORE_FIELD_SIGNED && field->kind != BTF_KIND_INT &&
		    !type_is_enum(field))
			relo->kind = BPF_CORE_FIELD_EXISTS;
	}
}

void trial_generate(struct trial *trial, uint64_t seed)
{
	uint64_t state = seed * 0x2545f4914f6cdd1dULL;
	uint32_t changes;

	*trial = (struct trial){ .seed = seed, .local = { .count = 1 } };
	trial->local.types[0].name = "";
	graph_add(&trial->local, BTF_KIND_INT, "int")->size = 4;
	trial->local.types[1].encoding = BTF_INT_SIGNED;
	for (uint32_t types = 3 + pick(&state, LOCAL_TYPES - 2); types > 0; types--)
		add_any(&state, &trial->local);
	tie_loops(&state, &trial->local);
	trial->relo_count = 1 + (int)pick(&state, TRIAL_RELOS);
	for (int i = 0; i < trial->relo_count; i++) {
		/* half of them ask about a type that was asked about: they share its candidates */
		int root = i && pick(&state, 2) ? trial->relos[i - 1].root
						: pick_root(&state, &trial->local);
		pick_relo(&state, &trial->local, root, &trial->relos[i]);
	}

	trial->kernels[0] = trial->local;
	for (int i = 1; i < trial->local.count; i++)
		if (pick(&state, 4))
			trial->kernels[0].types[i].name = plain_name(trial->local.types[i].name);
	for (changes = pick(&state, 16); changes > 0; changes--)
		mutate(&state, &trial->kernels[0]);
	trial->kernels[1] = trial->kernels[0];
	for (changes = 1 + pick(&state, 4); changes > 0; changes--)
		mutate(&state, &trial->kernels[1]);
}
