/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/complaint.h"

/* The next line of a text, without its end. */
static const char *next_line(const char **text, size_t *length)
{
	const char *line = *text;

	*length = strcspn(line, "\n");
	*text = line + *length + (line[*length] == '\n');
	return line;
}

static const char *find(const char *line, size_t length, const char *word)
{
	return memmem(line, length, word, strlen(word));
}

/* The number in "source:NUMBER:", when the line is about source; else 0. */
static unsigned line_of(const char *line, const char *source)
{
	size_t length = strlen(source);

	if (!strncmp(line, "./", 2))
		line += 2;
	if (strncmp(line, source, length) != 0 || line[length] != ':')
		return 0;
	return (unsigned)strtoul(line + length + 1, NULL, 10);
}

bool complaint_next(const char **said, const char *source, struct complaint *out)
{
	static const char from[] = "In file included from ";
	const char *line, *error, *includer = NULL;
	size_t length, includer_length = 0;
	unsigned included = 0;

	while (**said) {
		line = next_line(said, &length);
		if (!strncmp(line, from, strlen(from))) {
			line += strlen(from);
			length -= strlen(from);
			if (!included)
				included = line_of(line, source);
			includer = line;
			includer_length = length ? length - 1 : 0;
			continue;
		}
		error = find(line, length, ": error: ");
		if (!error)
			error = find(line, length, ": fatal error: ");
		if (!error) {
			/* A warning or a note has includers of its own. */
			if (find(line, length, ": note: ") || find(line, length, ": warning: ")) {
				included = 0;
				includer = NULL;
			}
			continue;
		}
		out->line = line_of(line, source);
		out->is_included = !out->line;
		if (!out->line)
			out->line = included;
		snprintf(out->text, sizeof(out->text), "%.*s%s%.*s%s",
			 (int)(length < 300 ? length : 300), line, includer ? " (included from " : "",
			 (int)(includer_length < 160 ? includer_length : 160), includer ? includer : "",
			 includer ? ")" : "");
		return true;
	}
	return false;
}

void complaint_first(const char *said, struct complaint *out)
{
	const char *at = said;
	size_t length;

	*out = (struct complaint){ .line = 0 };
	if (complaint_next(&at, "", out))
		return;
	at = said + strspn(said, " \n");
	length = strcspn(at, "\n");
	snprintf(out->text, sizeof(out->text), "%.*s", (int)(length < 400 ? length : 400),
		 length ? at : "the compiler failed, and does not say why");
}
