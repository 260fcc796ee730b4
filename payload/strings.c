/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "payload/strings.h"

int strings_add(struct strings *strings, const char *text)
{
	int code = array_grow(&strings->items, strings->count, &strings->capacity);

	if (!code)
		strings->items[strings->count++] = text;
	return code;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The empty string sorts first, and so stands at offset 0 without being asked for. */
int strings_sort(struct strings *strings)
{
	size_t i, kept = 0;
	int code;

	code = strings_add(strings, "");
	if (code)
		return code;
	qsort(strings->items, strings->count, sizeof(*strings->items), compare);
	strings->offsets = calloc(strings->count, sizeof(*strings->offsets));
	if (!strings->offsets)
		return -ENOMEM;
	for (i = 0; i < strings->count; i++) {
		const char *text = strings->items[i];

		if (kept > 0 && strcmp(strings->items[kept - 1], text) == 0)
			continue;
		strings->offsets[kept] = (uint32_t)strings->table.size;
		strings->items[kept++] = text;
		code = buffer_append(&strings->table, text, strlen(text) + 1);
		if (code)
			return code;
	}
	strings->count = kept;
	return 0;
}

uint32_t strings_offset(const struct strings *strings, const char *text)
{
	const char **found = bsearch(&text, strings->items, strings->count, sizeof(*strings->items),
				     compare);

	return strings->offsets[found - strings->items];
}

void strings_free(struct strings *strings)
{
	free(strings->items);
	free(strings->offsets);
	buffer_free(&strings->table);
}
