/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "lib/plain.h"

#include "runtime/plain_value.h"

/* In quotes, with a backslash before each that is in the text itself. */
static int append_quoted(struct buffer *out, struct slice text)
{
	size_t i, begin = 0;
	int code = buffer_append(out, "\"", 1);

	for (i = 0; i < text.size && !code; i++) {
		if (text.data[i] != '"')
			continue;
		code = plain_append(out, slice_of(text.data + begin, i - begin));
		if (!code)
			code = buffer_append(out, "\\", 1);
		begin = i;
	}
	if (!code)
		code = plain_append(out, slice_of(text.data + begin, text.size - begin));
	return code ? code : buffer_append(out, "\"", 1);
}

/* In quotes where it could be taken for something else. */
static int append_string(struct buffer *out, const json_t *string)
{
	const char *text = json_string_value(string);
	const size_t size = json_string_length(string);

	return size == 0 || strcspn(text, " \"=[]{}") < size ?
	       append_quoted(out, slice_of(text, size)) : plain_append(out, slice_of(text, size));
}

static int append_list(struct buffer *out, const json_t *list)
{
	size_t i;
	int code = buffer_append(out, "[", 1);

	for (i = 0; i < json_array_size(list) && !code; i++) {
		if (i)
			code = buffer_append(out, " ", 1);
		if (!code)
			code = plain_append_value(out, json_array_get(list, i));
	}
	return code ? code : buffer_append(out, "]", 1);
}

static int append_object(struct buffer *out, json_t *object)
{
	const char *name;
	json_t *value;
	int code = buffer_append(out, "{", 1), first = 1;

	json_object_foreach(object, name, value) {
		if (!code && !first)
			code = buffer_append(out, " ", 1);
		first = 0;
		if (!code)
			code = plain_append_name(out, name);
		if (!code)
			code = buffer_append(out, "=", 1);
		if (!code)
			code = plain_append_value(out, value);
	}
	return code ? code : buffer_append(out, "}", 1);
}

int plain_append_value(struct buffer *out, const json_t *value)
{
	char text[40];

	switch (json_typeof(value)) {
	case JSON_STRING:
		return append_string(out, value);
	case JSON_ARRAY:
		return append_list(out, value);
	case JSON_OBJECT:
		return append_object(out, (json_t *)value);
	case JSON_INTEGER:
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return plain_append_name(out, text);
	case JSON_REAL:
		snprintf(text, sizeof(text), "%.9g", json_real_value(value));
		return plain_append_name(out, text);
	default:
		return plain_append_name(out, json_is_true(value) ? "true" :
					 json_is_false(value) ? "false" : "-");
	}
}
