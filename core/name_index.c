/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel has 100,000 types and a set asks for some hundred names. What is looked at first rejects
 * most: the kind, then the name's first two characters; only what is left is hashed.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "core/btf_layout.h"
#include "core/hash.h"
#include "core/name_index.h"

enum { PAIRS = 1 << 16, WORD = 64 };

struct name_index {
	uint32_t *slots;         /* group number + 1, by the hash of its name */
	size_t size;             /* a power of two */
	uint32_t kinds;          /* bitmap of the kinds that are asked for */
	uint64_t pairs[PAIRS / WORD]; /* bitmap of the first two characters of the names */
};

/*
 * The first two characters. A name of one letter has a NUL or, before a flavour, an underscore
 * behind it: such names are let through by their first character alone.
 */
static uint32_t pair_of(const char *name)
{
	return (uint32_t)(uint8_t)name[0] << 8 | (uint8_t)name[1];
}

static void set_pair(struct name_index *index, uint32_t pair)
{
	index->pairs[pair / WORD] |= 1ull << pair % WORD;
}

static bool index_names(struct name_index *index, const struct reloset *set)
{
	size_t i, at;

	for (index->size = 16; index->size < set->group_count * 4; index->size *= 2)
		;
	index->slots = calloc(index->size, sizeof(*index->slots));
	if (!index->slots)
		return false;
	for (i = 0; i < set->group_count; i++) {
		const struct group *group = &set->groups[i];
		uint32_t first = (uint32_t)(uint8_t)group->name[0] << 8;

		index->kinds |= 1u << group->kind;
		if (group->kind == BTF_KIND_ENUM)
			index->kinds |= 1u << BTF_KIND_ENUM64;
		if (group->name_length > 1) {
			set_pair(index, pair_of(group->name));
		} else {
			set_pair(index, first);
			set_pair(index, first | '_');
		}
		at = hash_name(group->name, group->name_length) & (index->size - 1);
		while (index->slots[at])
			at = (at + 1) & (index->size - 1);
		index->slots[at] = (uint32_t)i + 1;
	}
	return true;
}

static bool add_candidate(struct candidates *table, uint32_t id)
{
	if (array_grow(&table->types, table->count, &table->capacity))
		return false;
	table->types[table->count++] = id;
	return true;
}

/* A name can be wanted for several kinds, hence the walk along the whole run of slots. */
static bool offer(struct candidates *tables, const struct name_index *index, const char *name,
		  uint32_t kind, uint32_t id)
{
	size_t length = essential_length(name);
	size_t at = hash_name(name, length) & (index->size - 1);

	for (; index->slots[at]; at = (at + 1) & (index->size - 1)) {
		struct candidates *table = &tables[index->slots[at] - 1];

		if (table->group->name_length == length && kinds_compatible(table->group->kind, kind) &&
		    memcmp(table->group->name, name, length) == 0 && !add_candidate(table, id))
			return false;
	}
	return true;
}

bool name_index_collect(const struct reloset *set, const struct btf_view *kernel,
			struct candidates *tables)
{
	struct name_index *index = calloc(1, sizeof(*index));
	bool ok = index && index_names(index, set);
	uint32_t id;

	for (id = 1; ok && id < kernel->type_count; id++) {
		const uint8_t *type = kernel->types.data + kernel->offsets[id];
		uint32_t kind = info_kind(load_le32(type + TYPE_INFO)), pair;
		const char *name;

		if (!(index->kinds >> kind & 1))
			continue;
		name = btf_view_string(kernel, load_le32(type + TYPE_NAME));
		if (!*name)
			continue;
		pair = pair_of(name);
		if (index->pairs[pair / WORD] >> pair % WORD & 1)
			ok = offer(tables, index, name, kind, id);
	}
	if (index)
		free(index->slots);
	free(index);
	return ok;
}
