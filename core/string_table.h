/* SPDX-License-Identifier: BSD-2-Clause */
/* A BTF string section in the making: each string once, in the order of first use.  core/ only. */
#ifndef CORE_STRING_TABLE_H
#define CORE_STRING_TABLE_H

#include "lib/array.h"

struct string_table {
	struct buffer bytes;     /* starts with the empty string */
	uint32_t *slots;         /* offsets, 0 for a free slot */
	size_t size, used;
	bool failed;             /* out of memory at some time */
};

/* Gives the offset of text, adding it when it is new; 0 for "". */
uint32_t string_table_add(struct string_table *table, const char *text);
void string_table_free(struct string_table *table);

#endif
