/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/string_table.h"

static const char *text_at(const struct string_table *table, uint32_t offset)
{
	return (const char *)table->bytes.data + offset;
}

/* The slot that holds text, or the free one where it belongs. */
static uint32_t *find_slot(const struct string_table *table, const char *text)
{
	size_t at = hash_name(text, strlen(text)) & (table->size - 1);

	while (table->slots[at] && strcmp(text_at(table, table->slots[at]), text) != 0)
		at = (at + 1) & (table->size - 1);
	return &table->slots[at];
}

static bool make_room(struct string_table *table)
{
	struct string_table larger = *table;
	size_t i;

	if (table->used * 2 < table->size)
		return true;
	larger.size = table->size ? table->size * 2 : 64;
	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (i = 0; i < table->size; i++)
		if (table->slots[i])
			*find_slot(&larger, text_at(table, table->slots[i])) = table->slots[i];
	free(table->slots);
	table->slots = larger.slots;
	table->size = larger.size;
	return true;
}

uint32_t string_table_add(struct string_table *table, const char *text)
{
	uint32_t *slot;

	if (table->bytes.size == 0 && buffer_append(&table->bytes, "", 1))
		table->failed = true;
	if (!*text || table->failed)
		return 0;
	if (!make_room(table)) {
		table->failed = true;
		return 0;
	}
	slot = find_slot(table, text);
	if (!*slot) {
		uint32_t offset = (uint32_t)table->bytes.size;

		if (buffer_append(&table->bytes, text, strlen(text) + 1)) {
			table->failed = true;
			return 0;
		}
		*slot = offset;
		table->used++;
	}
	return *slot;
}

void string_table_free(struct string_table *table)
{
	buffer_free(&table->bytes);
	free(table->slots);
	*table = (struct string_table){ 0 };
}
