/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/plain.h"

#include "runtime/plain_value.h"
#include "runtime/table.h"

/* A value is cut to no less than this, and its "...". */
enum { LEAST_WIDTH = 12, USUAL_WIDTH = 80 };

#define CUT "..."
#define HEADER "TIME         EVENT          PID   UID COMM             MORE"

/* One value of the rest of a line, as "name=value" in text. */
struct cell {
	size_t start, end;           /* in the rest's bytes */
	size_t fixed;                /* characters of "name=" */
	size_t width;                /* characters in all */
	size_t shown;                /* characters that are shown */
	bool can_be_cut;             /* text or a list */
};

struct rest {
	struct buffer text;
	struct cell *cells;
	size_t count, capacity;
};

static size_t characters(struct slice text)
{
	size_t i, count = 0;

	for (i = 0; i < text.size; i++)
		count += (text.data[i] & 0xc0) != 0x80;
	return count;
}

static bool is_column(const char *name)
{
	static const char *const COLUMNS[] = { "time", "event", "pid", "uid", "comm" };
	size_t i;

	for (i = 0; i < sizeof(COLUMNS) / sizeof(COLUMNS[0]); i++)
		if (strcmp(name, COLUMNS[i]) == 0)
			return true;
	return false;
}

static int add_cell(struct rest *rest, const char *name, const json_t *value)
{
	struct cell cell = { .start = rest->text.size };
	int code = array_grow(&rest->cells, rest->count, &rest->capacity);

	if (!code)
		code = plain_append_name(&rest->text, name);
	if (!code)
		code = buffer_append(&rest->text, "=", 1);
	cell.fixed = rest->text.size - cell.start;
	if (!code)
		code = plain_append_value(&rest->text, value);
	if (code)
		return code;
	cell.end = rest->text.size;
	cell.can_be_cut = json_is_string(value) || json_is_array(value) || json_is_object(value);
	cell.width = characters(slice_of(rest->text.data + cell.start, cell.end - cell.start));
	cell.shown = cell.width;
	rest->cells[rest->count++] = cell;
	return 0;
}

static int read_rest(const json_t *event, struct rest *rest)
{
	const char *name;
	json_t *value;
	int code = 0;

	json_object_foreach((json_t *)event, name, value)
		if (!code && !is_column(name))
			code = add_cell(rest, name, value);
	return code;
}

static struct cell *longest(const struct rest *rest)
{
	struct cell *found = NULL;
	size_t i;

	for (i = 0; i < rest->count; i++) {
		struct cell *cell = &rest->cells[i];

		if (cell->can_be_cut && cell->shown > cell->fixed + LEAST_WIDTH &&
		    (!found || cell->shown > found->shown))
			found = cell;
	}
	return found;
}

/* Takes characters off the longest texts and lists until all have room. */
static void fit(struct rest *rest, size_t room)
{
	size_t i, total = 0;
	struct cell *cell;

	for (i = 0; i < rest->count; i++)
		total += rest->cells[i].shown + 1;
	while (total > room && (cell = longest(rest))) {
		cell->shown--;
		total--;
	}
}

/* The first `count` characters of text. */
static struct slice first_characters(struct slice text, size_t count)
{
	size_t i, seen = 0;

	for (i = 0; i < text.size; i++)
		if ((text.data[i] & 0xc0) != 0x80 && seen++ == count)
			break;
	return slice_of(text.data, i);
}

/* Appends what of the text has so many characters, the last ones dots where it is cut. */
static int append_cut(struct buffer *out, struct slice text, size_t width, size_t shown)
{
	const size_t dots = strlen(CUT);
	int code;

	if (shown >= width)
		return buffer_append(out, text.data, text.size);
	text = first_characters(text, shown > dots ? shown - dots : 0);
	code = buffer_append(out, text.data, text.size);
	return code ? code : buffer_append(out, CUT, shown < dots ? shown : dots);
}

/* "2024-05-06T07:08:09.123456789Z" as local "07:08:09.123"; "-" where there is no such time. */
static void local_time(const json_t *time, char text[static 16])
{
	const char *from = json_string_value(time), *end = NULL;
	struct tm tm = { 0 }, local;
	time_t seconds;

	snprintf(text, 16, "-");
	if (from)
		end = strptime(from, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end || *end != '.')
		return;
	seconds = timegm(&tm);
	if (localtime_r(&seconds, &local))
		snprintf(text, 16, "%02d:%02d:%02d%.4s", local.tm_hour, local.tm_min, local.tm_sec,
			 end);
}

/* A column of at least this width, to the left or (negative) to the right. */
static int append_column(struct buffer *out, const json_t *event, const char *name, int width,
			 const char *mark)
{
	const json_t *value = json_object_get(event, name);
	struct buffer text = { 0 };
	int code = plain_append_name(&text, mark), pad;

	if (!code && json_is_string(value))
		code = plain_append(&text, slice_of(json_string_value(value),
							 json_string_length(value)));
	else if (!code)
		code = value ? plain_append_value(&text, value) : plain_append_name(&text, "-");
	pad = abs(width) - (int)characters(buffer_slice(&text));
	for (; width < 0 && pad > 0 && !code; pad--)
		code = buffer_append(out, " ", 1);
	if (!code)
		code = buffer_append(out, text.data, text.size);
	for (; pad > 0 && !code; pad--)
		code = buffer_append(out, " ", 1);
	buffer_free(&text);
	return code ? code : buffer_append(out, " ", 1);
}

/* All before the rest. */
static int append_columns(struct buffer *out, const json_t *event)
{
	const char *mark = json_object_get(event, "severity") ? "!" : "";
	char time[16];
	int code;

	local_time(json_object_get(event, "time"), time);
	snprintf(time + strlen(time), sizeof(time) - strlen(time), "%*s",
		 (int)(13 - strlen(time)), "");
	code = buffer_append(out, time, strlen(time));
	if (!code)
		code = append_column(out, event, "event", 10, mark);
	if (!code)
		code = append_column(out, event, "pid", -7, "");
	if (!code)
		code = append_column(out, event, "uid", -5, "");
	return code ? code : append_column(out, event, "comm", 16, "");
}

static int append_rest(struct buffer *out, const struct rest *rest)
{
	size_t i;
	int code = 0;

	for (i = 0; i < rest->count && !code; i++) {
		const struct cell *cell = &rest->cells[i];

		if (i)
			code = buffer_append(out, " ", 1);
		if (!code)
			code = append_cut(out, slice_of(rest->text.data + cell->start,
							cell->end - cell->start),
					  cell->width, cell->shown);
	}
	return code;
}

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col :
	       USUAL_WIDTH;
}

/* The line without its newline; width 0: as long as it is. */
static int build(const json_t *event, size_t width, struct buffer *line)
{
	struct rest rest = { .count = 0 };
	size_t used;
	int code = append_columns(line, event);

	if (!code)
		code = read_rest(event, &rest);
	used = characters(buffer_slice(line));
	if (width)
		fit(&rest, width > used ? width - used + 1 : 0);
	if (!code)
		code = append_rest(line, &rest);
	buffer_free(&rest.text);
	free(rest.cells);
	return code;
}

static int append_header(struct buffer *out, size_t width)
{
	int code = append_cut(out, slice_of(HEADER, strlen(HEADER)), strlen(HEADER), width);

	return code ? code : buffer_append(out, "\n", 1);
}

int table_append(struct table *table, const json_t *event, struct buffer *out)
{
	const size_t width = table->terminal ? terminal_width() : 0;
	const bool alert = table->terminal && json_object_get(event, "severity");
	const char *colour = alert ? console_red() : "", *plain = alert ? console_plain() : "";
	struct buffer line = { 0 };
	size_t length;
	int code = 0;

	if (table->terminal && !table->has_header) {
		code = append_header(out, width);
		table->has_header = true;
	}
	if (!code)
		code = build(event, width, &line);
	length = characters(buffer_slice(&line));
	if (!code)
		code = buffer_append(out, colour, strlen(colour));
	if (!code)
		code = append_cut(out, buffer_slice(&line), length, width ? width : length);
	if (!code)
		code = buffer_append(out, plain, strlen(plain));
	if (!code)
		code = buffer_append(out, "\n", 1);
	buffer_free(&line);
	return code;
}
