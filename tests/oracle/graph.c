/* SPDX-License-Identifier: BSD-2-Clause */
#include <err.h>
#include <string.h>

#include "tests/oracle/graph.h"

enum { SCOPE_LIMIT = 32 };

struct type *graph_add(struct graph *graph, uint32_t kind, const char *name)
{
	if (graph->count == GRAPH_TYPES)
		return NULL;
	struct type *type = &graph->types[graph->count++];
	*type = (struct type){ .kind = kind, .name = name };
	return type;
}

int graph_index(const struct graph *graph, const struct type *type)
{
	return (int)(type - graph->types);
}

struct part *type_add_part(struct type *type, const char *name)
{
	if (type->part_count == TYPE_PARTS)
		return NULL;
	struct part *part = &type->parts[type->part_count++];
	*part = (struct part){ .name = name };
	return part;
}

void type_drop_part(struct type *type, int i)
{
	type->part_count--;
	memmove(type->parts + i, type->parts + i + 1,
		(size_t)(type->part_count - i) * sizeof(*type->parts));
}

/* Calls for each reference of the graph. */
static void each_reference(struct graph *graph, void (*change)(int *reference, int a, int b), int a,
			   int b)
{
	for (int i = 1; i < graph->count; i++) {
		struct type *type = &graph->types[i];
		change(&type->to, a, b);
		for (int k = 0; k < type->part_count; k++)
			change(&type->parts[k].type, a, b);
	}
}

static void exchange(int *reference, int a, int b)
{
	*reference = *reference == a ? b : *reference == b ? a : *reference;
}

static void replace(int *reference, int a, int b)
{
	if (*reference == a)
		*reference = b;
}

void type_swap(struct graph *graph, int a, int b)
{
	struct type before = graph->types[a];

	graph->types[a] = graph->types[b];
	graph->types[b] = before;
	each_reference(graph, exchange, a, b);
}

void graph_drop(struct graph *graph, int id, int instead)
{
	each_reference(graph, replace, id, instead);
	graph->types[id] = (struct type){ .gone = true, .name = "" };
}

bool type_is_composite(const struct type *type)
{
	return type->kind == BTF_KIND_STRUCT || type->kind == BTF_KIND_UNION;
}

bool type_is_enum(const struct type *type)
{
	return type->kind == BTF_KIND_ENUM || type->kind == BTF_KIND_ENUM64;
}

bool type_is_modifier(const struct type *type)
{
	switch (type->kind) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

int graph_skip(const struct graph *graph, int id)
{
	while (type_is_modifier(&graph->types[id]))
		id = graph->types[id].to;
	return id;
}

long graph_size(const struct graph *graph, int id)
{
	const struct type *type = &graph->types[graph_skip(graph, id)];
	long element;

	switch (type->kind) {
	case BTF_KIND_UNKN:
	case BTF_KIND_FWD:
	case BTF_KIND_FUNC_PROTO:
		return -1;
	case BTF_KIND_PTR:
		return 8;
	case BTF_KIND_ARRAY:
		element = graph_size(graph, type->to);
		return element < 0 ? -1 : element * (long)type->size;
	default:
		return (long)type->size;
	}
}

/* True when inner is a part of outer, not just pointed to. */
static bool graph_holds(const struct graph *graph, int outer, int inner)
{
	const struct type *type = &graph->types[outer];

	if (outer == inner)
		return true;
	if (type_is_modifier(type) || type->kind == BTF_KIND_ARRAY)
		return graph_holds(graph, type->to, inner);
	for (int i = 0; type_is_composite(type) && i < type->part_count; i++)
		if (graph_holds(graph, type->parts[i].type, inner))
			return true;
	return false;
}

/* True when what outer is spelled with, in C, leads to inner; a struct is spelled by its name. */
static bool spelled_with(const struct graph *graph, int outer, int inner)
{
	const struct type *type = &graph->types[outer];

	if (outer == inner)
		return true;
	if (type_is_modifier(type) || type->kind == BTF_KIND_ARRAY || type->kind == BTF_KIND_PTR)
		return spelled_with(graph, type->to, inner);
	if (type->kind != BTF_KIND_FUNC_PROTO)
		return false;
	for (int i = 0; i < type->part_count; i++)
		if (spelled_with(graph, type->parts[i].type, inner))
			return true;
	return spelled_with(graph, type->to, inner);
}

bool graph_may_refer(const struct graph *graph, int from, int to)
{
	if (graph->types[to].gone)
		return false;
	if (type_is_composite(&graph->types[from]))
		return graph_size(graph, to) >= 0 && !graph_holds(graph, to, from);
	return !spelled_with(graph, to, from) &&
	       (graph->types[from].kind == BTF_KIND_PTR || !graph_holds(graph, to, from));
}

/* The names that a struct's members are found under; false when there is one twice. */
static bool collect_names(const struct graph *graph, const struct type *type,
			  const char *names[static SCOPE_LIMIT], int *count)
{
	for (int i = 0; i < type->part_count; i++) {
		const struct part *part = &type->parts[i];
		const struct type *held = &graph->types[graph_skip(graph, part->type)];
		if (!*part->name && (!type_is_composite(held) ||
				     !collect_names(graph, held, names, count)))
			return false;
		for (int k = 0; k < *count && *part->name; k++)
			if (strcmp(names[k], part->name) == 0)
				return false;
		if (*count == SCOPE_LIMIT)
			return false;
		if (*part->name)
			names[(*count)++] = part->name;
	}
	return true;
}

enum visit { UNSEEN, OPEN, DONE };

/*
 * False when id leads back to itself: as a part of itself, or spelled with itself, through pointers
 * and functions, too, where no struct's name comes between.
 */
static bool ends(const struct graph *graph, int id, bool spelled,
		 enum visit visits[static GRAPH_TYPES])
{
	const struct type *type = &graph->types[id];
	bool function = type->kind == BTF_KIND_FUNC_PROTO;
	bool goes_on = type_is_modifier(type) || type->kind == BTF_KIND_ARRAY ||
		       (spelled && (type->kind == BTF_KIND_PTR || function));

	if (visits[id] != UNSEEN)
		return visits[id] == DONE;
	visits[id] = OPEN;
	if (goes_on && !ends(graph, type->to, spelled, visits))
		return false;
	if (spelled ? function : type_is_composite(type))
		for (int i = 0; i < type->part_count; i++)
			if (!ends(graph, type->parts[i].type, spelled, visits))
				return false;
	visits[id] = DONE;
	return true;
}

static bool all_end(const struct graph *graph)
{
	enum visit held[GRAPH_TYPES] = { UNSEEN }, spelled[GRAPH_TYPES] = { UNSEEN };

	for (int i = 1; i < graph->count; i++)
		if (!ends(graph, i, false, held) || !ends(graph, i, true, spelled))
			return false;
	return true;
}

bool graph_is_valid(const struct graph *graph)
{
	const char *names[SCOPE_LIMIT];

	if (!all_end(graph))
		return false;
	for (int i = 1; i < graph->count; i++) {
		const struct type *type = &graph->types[i];
		int count = 0;
		if ((type_is_composite(type) || type_is_enum(type)) &&
		    !collect_names(graph, type, names, &count))
			return false;
	}
	return true;
}

static int add_type(struct btf *btf, const struct type *t, int to)
{
	switch (t->kind) {
	case BTF_KIND_INT:
		return btf__add_int(btf, t->name, t->size, (int)t->encoding);
	case BTF_KIND_FLOAT:
		return btf__add_float(btf, t->name, t->size);
	case BTF_KIND_PTR:
		return btf__add_ptr(btf, to);
	case BTF_KIND_ARRAY:
		return btf__add_array(btf, 1, to, t->size);
	case BTF_KIND_STRUCT:
		return btf__add_struct(btf, t->name, t->size);
	case BTF_KIND_UNION:
		return btf__add_union(btf, t->name, t->size);
	case BTF_KIND_ENUM:
		return btf__add_enum(btf, t->name, t->size);
	case BTF_KIND_ENUM64:
		return btf__add_enum64(btf, t->name, t->size, t->flag);
	case BTF_KIND_FWD:
		return btf__add_fwd(btf, t->name, t->flag ? BTF_FWD_UNION : BTF_FWD_STRUCT);
	case BTF_KIND_TYPEDEF:
		return btf__add_typedef(btf, t->name, to);
	case BTF_KIND_CONST:
		return btf__add_const(btf, to);
	case BTF_KIND_VOLATILE:
		return btf__add_volatile(btf, to);
	case BTF_KIND_RESTRICT:
		return btf__add_restrict(btf, to);
	case BTF_KIND_TYPE_TAG:
		return btf__add_type_tag(btf, t->name, to);
	default:
		return btf__add_func_proto(btf, to);
	}
}

static int add_part(struct btf *btf, const struct type *t, const struct part *part, int type)
{
	switch (t->kind) {
	case BTF_KIND_ENUM:
		return btf__add_enum_value(btf, part->name, part->value);
	case BTF_KIND_ENUM64:
		return btf__add_enum64_value(btf, part->name, (uint64_t)part->value);
	case BTF_KIND_FUNC_PROTO:
		return btf__add_func_param(btf, part->name, type);
	default:
		return btf__add_field(btf, part->name, type, part->offset, part->width);
	}
}

/* An empty BTF has this host's pointer size; one that was read has its own. */
static struct btf *read_back(struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);
	struct btf *again = data ? btf__new(data, size) : NULL;

	if (!again)
		err(2, "libbpf does not take a BTF that it made");
	btf__free(btf);
	return again;
}

struct btf *graph_btf(const struct graph *graph, uint32_t ids[static GRAPH_TYPES])
{
	struct btf *btf = btf__new_empty();
	uint32_t next = 1;

	ids[0] = 0;
	for (int i = 1; i < graph->count; i++)
		ids[i] = graph->types[i].gone ? 0 : next++;
	for (int i = 1; i < graph->count; i++) {
		const struct type *t = &graph->types[i];
		int result = t->gone ? 0 : add_type(btf, t, (int)ids[t->to]);
		for (int k = 0; k < t->part_count && result >= 0; k++)
			result = add_part(btf, t, &t->parts[k], (int)ids[t->parts[k].type]);
		if (result < 0)
			errx(2, "libbpf does not take type %d of kind %u: %s", i, t->kind,
			     strerror(-result));
		/* what btf__add_enum_value() decides by itself, from the values */
		if (t->kind == BTF_KIND_ENUM) {
			struct btf_type *made = (struct btf_type *)btf__type_by_id(btf, ids[i]);
			made->info = (uint32_t)t->flag << 31 | BTF_KIND_ENUM << 24 |
				     (uint32_t)t->part_count;
		}
	}
	return read_back(btf);
}

static const char *keyword(uint32_t kind)
{
	static const char *const words[] = {
		[BTF_KIND_STRUCT] = "struct ", [BTF_KIND_UNION] = "union ",
		[BTF_KIND_ENUM] = "enum ", [BTF_KIND_ENUM64] = "enum64 ",
		[BTF_KIND_CONST] = "const ", [BTF_KIND_VOLATILE] = "volatile ",
		[BTF_KIND_RESTRICT] = "restrict ", [BTF_KIND_FLOAT] = "float ",
	};

	return kind < sizeof(words) / sizeof(words[0]) && words[kind] ? words[kind] : "";
}

/* A use of a type.  Those without a name are told by their number. */
static void print_use(const struct graph *graph, int id, FILE *out)
{
	const struct type *t = &graph->types[id];

	switch (t->kind) {
	case BTF_KIND_UNKN:
		fputs("void", out);
		break;
	case BTF_KIND_PTR:
		print_use(graph, t->to, out);
		fputs(" *", out);
		break;
	case BTF_KIND_ARRAY:
		print_use(graph, t->to, out);
		fprintf(out, "[%u]", t->size);
		break;
	case BTF_KIND_TYPE_TAG:
		fprintf(out, "tag(%s) ", t->name);
		print_use(graph, t->to, out);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		fputs(keyword(t->kind), out);
		print_use(graph, t->to, out);
		break;
	case BTF_KIND_FUNC_PROTO:
		fprintf(out, "function<%d>", id);
		break;
	default:
		fprintf(out, "%s%s<%d>", keyword(t->kind), t->name, id);
	}
}

static void print_parts(const struct graph *graph, const struct type *t, FILE *out)
{
	for (int i = 0; i < t->part_count; i++) {
		const struct part *part = &t->parts[i];
		fputs(i ? " " : " { ", out);
		if (type_is_enum(t)) {
			fprintf(out, "%s = %lld,", part->name, (long long)part->value);
			continue;
		}
		print_use(graph, part->type, out);
		fprintf(out, " %s", part->name);
		if (part->width)
			fprintf(out, " : %u", part->width);
		if (type_is_composite(t))
			fprintf(out, " @%u", part->offset);
		fputs(";", out);
	}
	fputs(t->part_count ? " }" : "", out);
}

void graph_print(const struct graph *graph, FILE *out)
{
	for (int i = 1; i < graph->count; i++) {
		const struct type *t = &graph->types[i];
		if (t->gone)
			continue;
		fprintf(out, "    <%d> ", i);
		if (t->kind == BTF_KIND_TYPEDEF)
			fprintf(out, "typedef %s = ", t->name);
		if (t->kind == BTF_KIND_FWD)
			fprintf(out, "forward %s", t->flag ? "union " : "struct ");
		print_use(graph, t->kind == BTF_KIND_TYPEDEF ? t->to : i, out);
		print_parts(graph, t, out);
		if (t->kind == BTF_KIND_FUNC_PROTO) {
			fputs(" returns ", out);
			print_use(graph, t->to, out);
		}
		if (t->kind == BTF_KIND_INT || type_is_composite(t) || type_is_enum(t))
			fprintf(out, " (%u bytes%s)", t->size,
				t->encoding & BTF_INT_SIGNED || (type_is_enum(t) && t->flag) ?
					", signed" : "");
		fputs(";\n", out);
	}
}
