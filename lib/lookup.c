/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "lib/lookup.h"

struct lookup_slot {
	uint32_t hash;
	uint32_t place;          /* + 1; 0 for a free slot */
};

enum { FIRST_SIZE = 64 };

ptrdiff_t lookup_find(const struct lookup *lookup, uint64_t hash, lookup_equal equal,
		      const void *items, const void *key)
{
	size_t at;

	if (!lookup->size)
		return -1;
	for (at = hash & (lookup->size - 1); lookup->slots[at].place; at = (at + 1) & (lookup->size - 1)) {
		size_t place = lookup->slots[at].place - 1;

		if (lookup->slots[at].hash == (uint32_t)hash && equal(items, place, key))
			return (ptrdiff_t)place;
	}
	return -1;
}

static void put(struct lookup_slot *slots, size_t size, struct lookup_slot slot)
{
	size_t at = slot.hash & (size - 1);

	while (slots[at].place)
		at = (at + 1) & (size - 1);
	slots[at] = slot;
}

static int grow(struct lookup *lookup)
{
	size_t size = lookup->size ? 2 * lookup->size : FIRST_SIZE, i;
	struct lookup_slot *slots = calloc(size, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (i = 0; i < lookup->size; i++)
		if (lookup->slots[i].place)
			put(slots, size, lookup->slots[i]);
	free(lookup->slots);
	lookup->slots = slots;
	lookup->size = size;
	return 0;
}

int lookup_add(struct lookup *lookup, uint64_t hash, size_t place)
{
	if (place > LOOKUP_MAX)
		return -E2BIG;
	if (2 * lookup->used >= lookup->size && grow(lookup))
		return -ENOMEM;
	put(lookup->slots, lookup->size,
	    (struct lookup_slot){ .hash = (uint32_t)hash, .place = (uint32_t)place + 1 });
	lookup->used++;
	return 0;
}

void lookup_free(struct lookup *lookup)
{
	free(lookup->slots);
	*lookup = (struct lookup){ 0 };
}

uint64_t lookup_hash(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;
	size_t i;

	hash = hash ? hash : 0xcbf29ce484222325u;
	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return hash;
}
