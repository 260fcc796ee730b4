/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "installer/samples.h"

static const char *line_end(const char *text)
{
	return text + strcspn(text, "\n");
}

/* Behind the brace that ends the labels; NULL when none does. */
static const char *labels_end(const char *at)
{
	bool quoted = false;

	for (; *at && *at != '\n'; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (quoted && *at == '\\' && at[1])
			at++;
		else if (!quoted && *at == '}')
			return at + 1;
	}
	return NULL;
}

bool sample_next(const char **text, struct sample *out)
{
	const char *at = *text, *end;
	size_t name;

	while (*at == '#' || *at == '\n')
		at = line_end(at) + (*line_end(at) == '\n');
	name = strcspn(at, "{ \n");
	*out = (struct sample){ .name = slice_of(at, name) };
	at += name;
	if (*at == '{') {
		end = labels_end(at + 1);
		if (!end)
			return false;
		out->labels = slice_of(at + 1, (size_t)(end - at) - 2);
		at = end;
	}
	if (name == 0 || *at != ' ')
		return false;
	out->value = at + 1;
	*text = line_end(at) + (*line_end(at) == '\n');
	return true;
}

bool sample_is(const struct sample *sample, const char *name)
{
	return slice_equal(sample->name, slice_of(name, strlen(name)));
}

/* Reads a quoted value; out NULL passes over it.  Returns what is behind it. */
static const char *read_value(const char *at, const char *end, char *out, size_t size)
{
	size_t used = 0;

	for (; at < end && *at != '"'; at++) {
		bool is_escape = *at == '\\' && at + 1 < end;

		at += is_escape;
		if (out && used + 1 < size)
			out[used++] = (char)(is_escape && *at == 'n' ? '\n' : *at);
	}
	if (out)
		out[used] = '\0';
	return at < end ? at + 1 : end;
}

char *sample_label(const struct sample *sample, const char *label, char *out, size_t size)
{
	const char *at = (const char *)sample->labels.data, *end, *equals;
	size_t length = strlen(label);

	out[0] = '\0';
	if (sample->labels.size == 0)
		return out;
	end = at + sample->labels.size;
	while (at < end && (equals = memchr(at, '=', (size_t)(end - at))) && equals + 1 < end) {
		bool is_it = (size_t)(equals - at) == length && memcmp(at, label, length) == 0;

		at = read_value(equals + 2, end, is_it ? out : NULL, size);
		if (is_it)
			break;
		at += at < end && *at == ',';
	}
	return out;
}

bool sample_find(const char *text, const char *name, struct sample *out)
{
	while (sample_next(&text, out))
		if (sample_is(out, name))
			return true;
	return false;
}

bool sample_integer(const char *text, const char *name, uint64_t *out)
{
	struct sample sample;

	if (!sample_find(text, name, &sample))
		return false;
	*out = strtoull(sample.value, NULL, 10);
	return true;
}

bool sample_real(const char *text, const char *name, double *out)
{
	struct sample sample;

	if (!sample_find(text, name, &sample))
		return false;
	*out = strtod(sample.value, NULL);
	return true;
}
