/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "loader/types.h"

#define EVENT_ENUM "event_type"
#define EVENT_PREFIX "EVENT_"

const char *type_text(const struct btf *btf, uint32_t offset)
{
	const char *text = btf__name_by_offset(btf, offset);

	return text ? text : "";
}

bool type_is_char(const struct btf *btf, const struct btf_type *type)
{
	return btf_is_int(type) && type->size == 1 &&
	       strcmp(type_text(btf, type->name_off), "char") == 0;
}

const char *enum_name(const struct btf *btf, const struct btf_type *type, uint16_t i)
{
	return type_text(btf, btf_is_enum64(type) ? btf_enum64(type)[i].name_off :
						    btf_enum(type)[i].name_off);
}

uint64_t enum_value(const struct btf_type *type, uint16_t i)
{
	uint64_t value = btf_is_enum64(type) ? btf_enum64_value(&btf_enum64(type)[i]) :
					       (uint32_t)btf_enum(type)[i].val;

	/* A negative one of a large enum stands in 32 bits. */
	if (!btf_is_enum64(type) && type->size > 4 && btf_kflag(type))
		value = (uint64_t)(int32_t)value;
	return type->size < 8 ? value & ((1ull << 8 * type->size) - 1) : value;
}

/* As the kernel ends many of its enums: __MAX_BPF_CMD. */
static bool is_reserved(const char *name)
{
	return strncmp(name, "__", 2) == 0;
}

size_t enum_prefix(const struct btf *btf, const struct btf_type *type)
{
	const char *first = NULL;
	size_t shared = 0, k;
	uint16_t i;

	for (i = 0; i < btf_vlen(type); i++) {
		const char *name = enum_name(btf, type, i);

		if (is_reserved(name))
			continue;
		if (!first) {
			first = name;
			shared = strlen(name);
		}
		for (k = 0; k < shared && name[k] == first[k]; k++)
			;
		shared = k;
	}
	/* One that is all prefix keeps its last word. */
	for (i = 0; i < btf_vlen(type); i++)
		while (!is_reserved(enum_name(btf, type, i)) && shared > 0 &&
		       (first[shared - 1] != '_' || enum_name(btf, type, i)[shared] == '\0'))
			shared--;
	if (strcmp(type_text(btf, type->name_off), EVENT_ENUM) == 0 &&
	    shared > strlen(EVENT_PREFIX) &&
	    strncasecmp(first, EVENT_PREFIX, strlen(EVENT_PREFIX)) == 0)
		shared = strlen(EVENT_PREFIX);
	return shared;
}

char *enum_short(const char *name, size_t prefix, char text[static ENUM_SHORT_SIZE])
{
	size_t i;

	if (!is_reserved(name))
		name += prefix;
	for (i = 0; i < ENUM_SHORT_SIZE - 1 && name[i]; i++)
		text[i] = (char)tolower((unsigned char)name[i]);
	text[i] = '\0';
	return text;
}
