/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "btfpack/template.h"

#define GAP_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* A row of templates.S: each field is the distance from itself. */
struct template_row {
	int32_t name, start, end;
};

extern const struct template_row templates_start[], templates_end[];

/* One text that is being filled in. */
struct filling {
	const char *name;
	enum template_form form;
	const struct template_value *values;
	struct buffer *out;
	struct error *err;
};

static const char *at(const int32_t *field)
{
	return (const char *)field + *field;
}

static const struct template_row *find_row(const char *name)
{
	const struct template_row *row;

	for (row = templates_start; row != templates_end; row++)
		if (strcmp(at(&row->name), name) == 0)
			return row;
	return NULL;
}

static int append(struct filling *filling, const char *text, size_t size)
{
	int code = size ? buffer_append(filling->out, text, size) : 0;

	return code ? error_errno(filling->err, code, "%s", filling->name) : 0;
}

static const char *find_value(const struct filling *filling, const char *name, size_t length)
{
	const struct template_value *value;

	for (value = filling->values; value->name; value++)
		if (strlen(value->name) == length && strncmp(value->name, name, length) == 0)
			return value->value;
	return NULL;
}

static int append_value(struct filling *filling, const char *value)
{
	const char *special = filling->form == TEMPLATE_SPEC ? "%" :
			      filling->form == TEMPLATE_ROFF ? "\\" : "";
	int code = 0;

	/* A line that begins with these is a request. */
	if (filling->form == TEMPLATE_ROFF && (*value == '.' || *value == '\''))
		code = append(filling, "\\&", 2);
	while (!code && *value) {
		size_t length = strcspn(value, special);

		code = append(filling, value, length);
		value += length;
		if (code || !*value)
			break;
		code = append(filling, filling->form == TEMPLATE_SPEC ? "%%" : "\\e", 2);
		value++;
	}
	return code;
}

/* The length of the gap that text begins with, at signs and all; 0: it begins with none. */
static size_t gap_length(const char *text, const char *end)
{
	size_t length = *text == '@' ? strspn(text + 1, GAP_LETTERS) : 0;

	return length && text + length + 1 < end && text[length + 1] == '@' ? length + 2 : 0;
}

static int fill_line(struct filling *filling, const char *line, const char *end)
{
	size_t before = filling->out->size, gaps = 0, empty = 0;
	int code = 0;

	while (!code && line < end) {
		size_t length = gap_length(line, end);
		const char *value;

		if (!length) {
			code = append(filling, line++, 1);
			continue;
		}
		value = find_value(filling, line + 1, length - 2);
		if (!value)
			return error_set(filling->err, -ENOENT, "%s: %.*s has no value", filling->name,
					 (int)length, line);
		gaps++;
		empty += !*value;
		code = append_value(filling, value);
		line += length;
	}
	if (!code && gaps && gaps == empty)
		filling->out->size = before;
	return code;
}

int template_fill(const char *name, enum template_form form, const struct template_value *values,
		  struct buffer *out, struct error *err)
{
	struct filling filling = { name, form, values, out, err };
	const struct template_row *row = find_row(name);
	const char *line, *end, *next;
	int code = 0;

	if (!row)
		return error_set(err, -ENOENT, "%s: is not in this btfpack", name);
	end = at(&row->end);
	for (line = at(&row->start); !code && line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		code = fill_line(&filling, line, next);
	}
	return code;
}
