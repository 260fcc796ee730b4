/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds items of an array by content: a hash table of their places (open addressing, at most half
 * full).  The items stay where they are, in their order; the table knows hashes and places only.
 */
#ifndef LIB_LOOKUP_H
#define LIB_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is a valid empty table. */
struct lookup {
	struct lookup_slot *slots;
	size_t size, used;
};

/* True when the item at place is the one that key stands for. */
typedef bool (*lookup_equal)(const void *items, size_t place, const void *key);

enum { LOOKUP_MAX = 0x7fffffff };

/* The place of the item with this hash that equals key, or -1. */
ptrdiff_t lookup_find(const struct lookup *lookup, uint64_t hash, lookup_equal equal,
		      const void *items, const void *key);

/* Notes an item that is not in the table; -ENOMEM, -E2BIG for a place above LOOKUP_MAX. */
int lookup_add(struct lookup *lookup, uint64_t hash, size_t place);

void lookup_free(struct lookup *lookup);

/* Goes on from hash (0 to begin with) with size bytes; FNV-1a, 64 bits (Fowler, Noll, Vo). */
uint64_t lookup_hash(uint64_t hash, const void *data, size_t size);

#endif
