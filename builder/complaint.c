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

	if (!length)
		return 0;
	if (!strncmp(line, "./", 2))
		line += 2;
	if (strncmp(line, source, length) != 0 || line[length] != ':')
		return 0;
	return (unsigned)strtoul(line + length + 1, NULL, 10);
}

void complaint_start(struct complaint_reader *reader, const char *said, const char *source)
{
	*reader = (struct complaint_reader){ .at = said, .source = source };
}

/* "In file included from FILE:LINE:", the source's first, the nearest last. */
static bool read_includer(struct complaint_reader *reader, const char *line, size_t length)
{
	static const char from[] = "In file included from ";
	const size_t start = strlen(from);

	if (length <= start || strncmp(line, from, start) != 0)
		return false;
	if (reader->is_complete || !reader->includer)
		reader->included = line_of(line + start, reader->source);
	reader->is_complete = false;
	reader->includer = line + start;
	reader->includer_length = length - start - 1;
	return true;
}

/* Whether the line is the compiler's word on some place: an error, or else. */
static bool is_word(const char *line, size_t length, bool *is_error)
{
	*is_error = find(line, length, ": error: ") || find(line, length, ": fatal error: ");
	return *is_error || find(line, length, ": warning: ") || find(line, length, ": note: ");
}

/*
 * What includes a file is said when the file changes: with the same file as before it holds on, and
 * another one of which nothing is said is the source, which nothing includes.
 */
static void settle(struct complaint_reader *reader, const char *line)
{
	const size_t length = strcspn(line, ":");

	if (reader->is_complete && (length != reader->file_length ||
				    strncmp(line, reader->file, length) != 0)) {
		reader->includer = NULL;
		reader->includer_length = 0;
		reader->included = 0;
	}
	reader->is_complete = true;
	reader->file = line;
	reader->file_length = length;
}

static void describe(const struct complaint_reader *reader, const char *line, size_t length,
		     struct complaint *out)
{
	const char *includer = reader->includer;

	out->is_included = !out->line;
	if (!out->line)
		out->line = reader->included;
	snprintf(out->text, sizeof(out->text), "%.*s%s%.*s%s",
		 (int)(length < 300 ? length : 300), line, includer ? " (included from " : "",
		 (int)(reader->includer_length < 160 ? reader->includer_length : 160),
		 includer ? includer : "", includer ? ")" : "");
}

bool complaint_next(struct complaint_reader *reader, struct complaint *out)
{
	bool is_error;
	const char *line;
	size_t length;

	while (*reader->at) {
		line = next_line(&reader->at, &length);
		if (read_includer(reader, line, length) || !is_word(line, length, &is_error))
			continue;
		settle(reader, line);
		out->line = line_of(line, reader->source);
		if (is_error) {
			describe(reader, line, length, out);
			return true;
		}
	}
	return false;
}

void complaint_first(const char *said, struct complaint *out)
{
	struct complaint_reader reader;
	const char *at;
	size_t length;

	*out = (struct complaint){ .line = 0 };
	complaint_start(&reader, said, "");
	if (complaint_next(&reader, out))
		return;
	at = said + strspn(said, " \n");
	if (!*at)
		at = "the compiler failed, and does not say why";
	length = strcspn(at, "\n");
	snprintf(out->text, sizeof(out->text), "%.*s", (int)(length < 400 ? length : 400), at);
}
