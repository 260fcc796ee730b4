/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"

#include "loader/setting_type.h"

/* Numbers of up to this size. */
enum { NUMBER_MAX_SIZE = 8, KNOWN_NAMES_SIZE = 400 };

static const struct btf_type *plain(const struct btf *btf, uint32_t id, bool *is_volatile)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type))) {
		if (btf_is_volatile(type))
			*is_volatile = true;
		type = btf__type_by_id(btf, type->type);
	}
	return type;
}

/* The kind of a type that is no list; false: it can be none. */
static bool scalar_of(const struct btf *btf, const struct btf_type *type, struct setting_type *out)
{
	const struct btf_type *inner;

	if (btf_is_array(type)) {
		inner = plain(btf, btf_array(type)->type, &out->is_volatile);
		out->kind = SETTING_TEXT;
		out->size = btf_array(type)->nelems;
		return inner && type_is_char(btf, inner) && out->size > 0;
	}
	out->size = type->size;
	if (btf_is_any_enum(type))
		out->kind = SETTING_ENUM;
	else if (btf_is_int(type))
		out->kind = btf_int_encoding(type) & BTF_INT_BOOL ? SETTING_BOOL : SETTING_NUMBER;
	else
		return false;
	return type->size <= NUMBER_MAX_SIZE;
}

bool setting_type_of(const struct btf *btf, uint32_t type_id, struct setting_type *out)
{
	const struct btf_type *type, *element;

	*out = (struct setting_type){ .btf = btf };
	type = plain(btf, type_id, &out->is_volatile);
	if (type && btf_is_array(type)) {
		element = plain(btf, btf_array(type)->type, &out->is_volatile);
		if (element && !type_is_char(btf, element)) {
			out->count = btf_array(type)->nelems;
			if (out->count == 0)
				return false;
			type = element;
		}
	}
	out->element = type;
	return type && scalar_of(btf, type, out);
}

static bool is_signed(const struct setting_type *type)
{
	return btf_int_encoding(type->element) & BTF_INT_SIGNED;
}

char *setting_type_text(const struct setting_type *type, char text[static SETTING_TYPE_SIZE])
{
	char one[64];

	switch (type->kind) {
	case SETTING_TEXT:
		snprintf(one, sizeof(one), "%s of up to %" PRIu32 " bytes",
			 type->count ? "texts" : "text", type->size - 1);
		break;
	case SETTING_ENUM:
		snprintf(one, sizeof(one), "enum %.50s",
			 type_text(type->btf, type->element->name_off));
		break;
	case SETTING_BOOL:
		snprintf(one, sizeof(one), "bool");
		break;
	case SETTING_NUMBER:
		snprintf(one, sizeof(one), "%c%" PRIu32, is_signed(type) ? 's' : 'u', 8 * type->size);
		break;
	}
	if (type->count)
		snprintf(text, SETTING_TYPE_SIZE, "list of up to %" PRIu32 " %s", type->count, one);
	else
		snprintf(text, SETTING_TYPE_SIZE, "%s", one);
	return text;
}

/* The number that the text says, without its sign; -ERANGE: more than 64 bits, -EINVAL: none. */
static int parse_digits(const char *text, uint64_t *out)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;

	if (!*digits || strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") !=
	    strlen(digits))
		return -EINVAL;
	errno = 0;
	*out = strtoull(digits, NULL, hex ? 16 : 10);
	return -errno;
}

static int parse_number(const struct setting_type *type, const char *text, uint64_t *out,
			struct error *err)
{
	const unsigned bits = 8 * type->size;
	const bool negative = text[0] == '-', with_sign = is_signed(type);
	const uint64_t most = with_sign ? (1ull << (bits - 1)) - 1 : UINT64_MAX >> (64 - bits);
	/* Below zero there is one more, or none. */
	const uint64_t limit = !negative ? most : with_sign ? most + 1 : 0;
	uint64_t number = 0;
	int code = parse_digits(text + negative, &number);

	if (code == -EINVAL)
		return error_set(err, code, "`%s` is no number", text);
	if (!code && number <= limit) {
		*out = negative ? 0 - number : number;
		return 0;
	}
	return with_sign ?
	       error_set(err, -EINVAL, "`%s` is not within %" PRId64 " .. %" PRIu64, text,
			 -(int64_t)most - 1, most) :
	       error_set(err, -EINVAL, "`%s` is not within 0 .. %" PRIu64, text, most);
}

static int parse_bool(const char *text, uint64_t *out, struct error *err)
{
	static const char *const YES[] = { "true", "yes", "1" }, *const NO[] = { "false", "no", "0" };
	size_t i;

	for (i = 0; i < 3; i++) {
		*out = strcmp(text, YES[i]) == 0;
		if (*out || strcmp(text, NO[i]) == 0)
			return 0;
	}
	return error_set(err, -EINVAL, "`%s` is not true, false, yes, no, 1 or 0", text);
}

static void list_enumerators(const struct setting_type *type, size_t prefix,
			     char names[static KNOWN_NAMES_SIZE])
{
	char text[ENUM_SHORT_SIZE];
	size_t used = 0;
	uint16_t i;

	names[0] = '\0';
	for (i = 0; i < btf_vlen(type->element); i++) {
		enum_short(enum_name(type->btf, type->element, i), prefix, text);
		if (used + strlen(text) + sizeof(", ...") >= KNOWN_NAMES_SIZE) {
			snprintf(names + used, KNOWN_NAMES_SIZE - used, ", ...");
			return;
		}
		used += (size_t)sprintf(names + used, "%s%s", i ? ", " : "", text);
	}
}

/* By its whole name, or by what is left of it without the prefix, in lower case. */
static int parse_enumerator(const struct setting_type *type, const char *text, uint64_t *out,
			    struct error *err)
{
	const size_t prefix = enum_prefix(type->btf, type->element);
	char names[KNOWN_NAMES_SIZE], brief[ENUM_SHORT_SIZE];
	uint16_t i;

	for (i = 0; i < btf_vlen(type->element); i++) {
		const char *name = enum_name(type->btf, type->element, i);

		if (strcmp(name, text) != 0 &&
		    strcmp(enum_short(name, prefix, brief), text) != 0)
			continue;
		*out = enum_value(type->element, i);
		return 0;
	}
	list_enumerators(type, prefix, names);
	return error_set(err, -EINVAL, "`%s` is not one of %s", text, names);
}

static int parse_text(const struct setting_type *type, const char *text, uint8_t *value,
		      struct error *err)
{
	const size_t size = strlen(text);

	if (!utf8_is_valid(slice_of(text, size)))
		return error_set(err, -EINVAL, "the text is not UTF-8");
	if (size >= type->size)
		return error_set(err, -EINVAL, "`%s` has %zu bytes, and up to %" PRIu32 " fit", text,
				 size, type->size - 1);
	memcpy(value, text, size);
	return 0;
}

static int parse_element(const struct setting_type *type, const char *text, uint8_t *value,
			 struct error *err)
{
	uint64_t number = 0;
	uint8_t bytes[8];
	int code;

	if (!*text && type->kind != SETTING_TEXT)
		return error_set(err, -EINVAL, "the value is empty");
	switch (type->kind) {
	case SETTING_TEXT:
		return parse_text(type, text, value, err);
	case SETTING_BOOL:
		code = parse_bool(text, &number, err);
		break;
	case SETTING_ENUM:
		code = parse_enumerator(type, text, &number, err);
		break;
	default:
		code = parse_number(type, text, &number, err);
		break;
	}
	store_le64(bytes, number);
	if (!code)
		memcpy(value, bytes, type->size);
	return code;
}

/* Takes the next element off *rest, with a comma of its own for each "\,"; NULL: out of memory. */
static char *next_element(const char **rest)
{
	const char *from = *rest;
	char *element = malloc(strlen(from) + 1), *to = element;

	if (!element)
		return NULL;
	while (*from && *from != ',') {
		if (from[0] == '\\' && from[1] == ',')
			from++;
		*to++ = *from++;
	}
	*to = '\0';
	*rest = *from ? from + 1 : NULL;
	return element;
}

static uint32_t count_elements(const char *text)
{
	uint32_t count = 1;

	for (; *text; text++)
		if (text[0] == '\\' && text[1] == ',')
			text++;
		else
			count += *text == ',';
	return count;
}

static int parse_list(const struct setting_type *type, const char *text, uint8_t *value,
		      uint32_t *given, struct error *err)
{
	const uint32_t count = count_elements(text);
	const char *rest = text;
	char *element;
	int code = 0;

	if (count > type->count)
		return error_set(err, -EINVAL, "%" PRIu32 " elements are given, and up to %" PRIu32
				 " fit", count, type->count);
	for (*given = 0; !code && rest; (*given)++) {
		element = next_element(&rest);
		if (!element)
			code = error_errno(err, -ENOMEM, "element %" PRIu32, *given + 1);
		else if (!*element)
			code = error_set(err, -EINVAL, "element %" PRIu32 " is empty", *given + 1);
		else
			code = parse_element(type, element, value + (size_t)*given * type->size, err);
		free(element);
	}
	return code;
}

int setting_parse(const struct setting_type *type, const char *text, uint8_t *value,
		  uint32_t *given, struct error *err)
{
	memset(value, 0, (size_t)type->size * (type->count ? type->count : 1));
	*given = 0;
	if (!type->count)
		return parse_element(type, text, value, err);
	return *text ? parse_list(type, text, value, given, err) : 0;
}

static uint64_t load_number(const uint8_t *value, uint32_t size)
{
	uint8_t bytes[8] = { 0 };

	memcpy(bytes, value, size);
	return load_le64(bytes);
}

static int print_number(const struct setting_type *type, uint64_t number, struct buffer *out)
{
	const uint64_t sign = 1ull << (8 * type->size - 1);
	char text[32];

	if (is_signed(type))
		snprintf(text, sizeof(text), "%" PRId64, (int64_t)((number ^ sign) - sign));
	else
		snprintf(text, sizeof(text), "%" PRIu64, number);
	return buffer_append(out, text, strlen(text));
}

static int print_enumerator(const struct setting_type *type, uint64_t number, struct buffer *out)
{
	char text[ENUM_SHORT_SIZE];
	uint16_t i;

	snprintf(text, sizeof(text), "%" PRIu64, number);
	for (i = 0; i < btf_vlen(type->element); i++)
		if (enum_value(type->element, i) == number) {
			enum_short(enum_name(type->btf, type->element, i),
				   enum_prefix(type->btf, type->element), text);
			break;
		}
	return buffer_append(out, text, strlen(text));
}

static int print_text(const struct setting_type *type, const uint8_t *value, struct buffer *out)
{
	size_t i, size = strnlen((const char *)value, type->size);
	int code = 0;

	for (i = 0; i < size && !code; i++) {
		if (type->count && value[i] == ',')
			code = buffer_append(out, "\\", 1);
		if (!code)
			code = buffer_append(out, value + i, 1);
	}
	return code;
}

static int print_element(const struct setting_type *type, const uint8_t *value, struct buffer *out)
{
	const char *text;

	switch (type->kind) {
	case SETTING_TEXT:
		return print_text(type, value, out);
	case SETTING_BOOL:
		text = load_number(value, type->size) ? "true" : "false";
		return buffer_append(out, text, strlen(text));
	case SETTING_ENUM:
		return print_enumerator(type, load_number(value, type->size), out);
	default:
		return print_number(type, load_number(value, type->size), out);
	}
}

int setting_print(const struct setting_type *type, const uint8_t *value, uint32_t given,
		  struct buffer *out)
{
	uint32_t i;
	int code = 0;

	if (!type->count)
		return print_element(type, value, out);
	for (i = 0; i < given && i < type->count && !code; i++) {
		if (i)
			code = buffer_append(out, ",", 1);
		if (!code)
			code = print_element(type, value + (size_t)i * type->size, out);
	}
	return code;
}
