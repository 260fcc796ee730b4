/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types as plain data that can be made, changed, dropped from and printed, and that become a BTF in
 * the end.  A reference is an index into the graph; 0 is void.
 */
#ifndef TESTS_ORACLE_GRAPH_H
#define TESTS_ORACLE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <bpf/btf.h>

enum { GRAPH_TYPES = 32, TYPE_PARTS = 10 };

/* A member, an enumerator or a parameter. */
struct part {
	const char *name;
	int type;
	uint32_t offset, width;  /* in bits; width 0: no bitfield */
	int64_t value;           /* of an enumerator */
};

struct type {
	uint32_t kind;
	const char *name;        /* "" for none */
	int to;                  /* what it refers to, returns, or is an array of */
	uint32_t size;           /* in bytes; of an array its length */
	uint32_t encoding;       /* of an integer */
	bool flag;               /* an enum: signed; a forward declaration: of a union */
	bool gone;               /* dropped; nothing refers to it */
	int part_count;
	struct part parts[TYPE_PARTS];
};

struct graph {
	int count;               /* 1 and more: types[0] is void */
	struct type types[GRAPH_TYPES];
};

/* A new type at the end, NULL when there is no room. */
struct type *graph_add(struct graph *graph, uint32_t kind, const char *name);
int graph_index(const struct graph *graph, const struct type *type);
struct part *type_add_part(struct type *type, const char *name);
void type_drop_part(struct type *type, int i);
void type_swap(struct graph *graph, int a, int b);

bool type_is_composite(const struct type *type);
bool type_is_enum(const struct type *type);
bool type_is_modifier(const struct type *type); /* typedefs, too */

/* What a type stands for, behind typedefs, qualifiers and tags. */
int graph_skip(const struct graph *graph, int id);

/* Size in bytes; -1 for what has none. */
long graph_size(const struct graph *graph, int id);

/*
 * True when it is C: no type is made of itself, no name comes twice in one scope, and what has no
 * name is a struct or union.
 */
bool graph_is_valid(const struct graph *graph);

/* True when C could write it: nothing is a part of itself, members have a size. */
bool graph_may_refer(const struct graph *graph, int from, int to);

/* Drops a type; what referred to it refers to instead. */
void graph_drop(struct graph *graph, int id, int instead);

/* ids[i] becomes the BTF's id of types[i].  Exits on what libbpf does not take. */
struct btf *graph_btf(const struct graph *graph, uint32_t ids[static GRAPH_TYPES]);

void graph_print(const struct graph *graph, FILE *out);

#endif
