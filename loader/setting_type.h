/* SPDX-License-Identifier: BSD-2-Clause */
/* The types that a setting can have: from text to bytes and back (docs/objects.md, "Settings"). */
#ifndef LOADER_SETTING_TYPE_H
#define LOADER_SETTING_TYPE_H

#include "lib/array.h"
#include "lib/error.h"
#include "loader/types.h"

enum setting_kind {
	SETTING_NUMBER,
	SETTING_BOOL,
	SETTING_ENUM,
	SETTING_TEXT,                /* char[N] */
};

struct setting_type {
	const struct btf *btf;
	const struct btf_type *element; /* what it is, or what it is a list of */
	enum setting_kind kind;
	uint32_t size;               /* of one element, bytes */
	uint32_t count;              /* of a list: how many fit; 0: it is none */
	bool is_volatile;
};

enum { SETTING_TYPE_SIZE = 96 };

/* Fills *out; false when no text can stand for a value of this type. */
bool setting_type_of(const struct btf *btf, uint32_t type_id, struct setting_type *out);

/* "u32", "bool", "text of up to 15 bytes", "list of up to 16 u32"; returns text. */
char *setting_type_text(const struct setting_type *type, char text[static SETTING_TYPE_SIZE]);

/*
 * Reads text into value, as many bytes as the type has; *given becomes the number of elements.
 * -EINVAL: it is none of this type's values, and err says why, without naming the setting.
 */
int setting_parse(const struct setting_type *type, const char *text, uint8_t *value,
		  uint32_t *given, struct error *err);

/* Appends the text that setting_parse() would read as this value: of a list, `given` elements. */
int setting_print(const struct setting_type *type, const uint8_t *value, uint32_t given,
		  struct buffer *out);

#endif
