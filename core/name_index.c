/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel has 100,000 types and a set asks for some hundred names. What is looked at first rejects
 * nearly all: the kind, then the name's first characters, four at a time; only what is left is
 * hashed.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "core/btf_layout.h"
#include "core/hash.h"
#include "core/name_index.h"

enum { FILTER_BITS = 16, WORD = 64, PREFIX_SIZE = 4 };

struct name_index {
	uint32_t *slots;         /* group number + 1, by the hash of its name */
	size_t size;             /* a power of two */
	uint32_t kinds;          /* bitmap of the kinds that are asked for */
	uint64_t filter[(1 << FILTER_BITS) / WORD]; /* bitmap of hashes of the names' first characters */
};

/*
 * The first characters of a name as one number, zero behind the name's end. The zero byte is found
 * as in Mycroft's strlen() (Warren, Hacker's Delight, 6-1).
 */
static inline uint32_t prefix_of(const uint8_t *name)
{
	uint32_t prefix = load_le32(name);
	uint32_t zero = (prefix - 0x01010101) & ~prefix & 0x80808080;

	return zero ? prefix & (((zero & -zero) >> 7) - 1) : prefix;
}

/* Its bit in the filter; Fibonacci hashing (Knuth, TAOCP 3, 6.4). */
static inline uint32_t filter_bit(uint32_t prefix)
{
	return prefix * 2654435769u >> (32 - FILTER_BITS);
}

/* Lets names through that go on like this: with a NUL, or with the underscores of a flavour. */
static void filter_name(struct name_index *index, const struct group *group, char next)
{
	uint8_t start[PREFIX_SIZE];
	uint32_t i, bit;

	for (i = 0; i < PREFIX_SIZE; i++)
		start[i] = (uint8_t)(i < group->name_length ? group->name[i] : next);
	bit = filter_bit(prefix_of(start));
	index->filter[bit / WORD] |= 1ull << bit % WORD;
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

		index->kinds |= 1u << group->kind;
		if (group->kind == BTF_KIND_ENUM)
			index->kinds |= 1u << BTF_KIND_ENUM64;
		filter_name(index, group, '\0');
		filter_name(index, group, '_');
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

/* False when no name that starts so is wanted. */
static inline bool may_be_wanted(const struct name_index *index, struct slice strings,
				 uint32_t name_off)
{
	uint32_t bit;

	/* at the end of the section there is too little left to look at */
	if (!range_fits(strings.size, name_off, PREFIX_SIZE))
		return true;
	bit = filter_bit(prefix_of(strings.data + name_off));
	return index->filter[bit / WORD] >> bit % WORD & 1;
}

bool name_index_collect(const struct reloset *set, const struct btf_view *kernel,
			struct candidates *tables)
{
	struct name_index *index = calloc(1, sizeof(*index));
	bool ok = index && index_names(index, set);
	uint32_t id;

	for (id = 1; ok && id < kernel->type_count; id++) {
		const uint8_t *type = kernel->types.data + kernel->offsets[id];
		uint32_t kind = info_kind(load_le32(type + TYPE_INFO));
		uint32_t name_off = load_le32(type + TYPE_NAME);

		if (index->kinds >> kind & 1 && may_be_wanted(index, kernel->strings, name_off) &&
		    kernel->strings.data[name_off])
			ok = offer(tables, index, btf_view_string(kernel, name_off), kind, id);
	}
	if (index)
		free(index->slots);
	free(index);
	return ok;
}
