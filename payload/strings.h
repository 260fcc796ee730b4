/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A string table in the making (payload/FORMAT.md, 8.): add every string, sort, then ask for
 * offsets.  Each string stands in it once, in an order that adding does not influence.
 */
#ifndef PAYLOAD_STRINGS_H
#define PAYLOAD_STRINGS_H

#include "lib/array.h"

struct strings {
	const char **items;          /* the callers' */
	uint32_t *offsets;           /* of each item, once sorted */
	size_t count, capacity;
	struct buffer table;
};

int strings_add(struct strings *strings, const char *text);
int strings_sort(struct strings *strings);
void strings_free(struct strings *strings);

/* The offset of a string that was added. */
uint32_t strings_offset(const struct strings *strings, const char *text);

#endif
