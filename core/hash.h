/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashing names for tables whose slots nobody outside sees. */
#ifndef CORE_HASH_H
#define CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a (Fowler, Noll, Vo): good enough for C identifiers, and short. */
static inline uint32_t hash_name(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 16777619u;
	return hash;
}

#endif
