/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "lib/array.h"
#include "lib/console.h"

#include "runtime/printer.h"
#include "runtime/render.h"

enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(15) };

/* Records that are none of the described events, behind those. */
enum other { OTHER_UNKNOWN, OTHER_DAMAGED, OTHER_RECORD, OTHER_COUNT };

static const char *const OTHER_NAMES[OTHER_COUNT] = { "unknown", "damaged", "record" };

/* Events that nothing describes are printed as bytes: for somebody who knows what they are. */
static int find_layouts(struct event_layouts *layouts, const struct printer_request *request,
			struct error *err)
{
	int code;

	if (request->record_struct)
		return event_layouts_read_struct(request->btf, request->map, request->record_struct,
						 layouts, err);
	code = event_layouts_read(request->btf, layouts, err);
	if (code != -ENOENT)
		return code;
	/* Somebody else's object, made for a program of its own. */
	code = event_layouts_read_struct(request->btf, request->map, NULL, layouts, err);
	if (code != -ENOENT && code != -ENOTSUP)
		return code;
	console_note("run: %s: its events are printed as bytes", err->text);
	return 0;
}

int printer_open(const struct printer_request *request, struct printer *out, struct error *err)
{
	int code;

	*out = (struct printer){
		.is_table = request->table, .table.terminal = request->terminal,
	};
	clock_init(&out->clock);
	/* Both read files the first time, and the sandbox is going to be in the way. */
	json_object_seed(0);
	tzset();
	code = request->btf ? find_layouts(&out->layouts, request, err) : 0;
	if (code)
		return code;
	out->by_type = calloc(out->layouts.count + OTHER_COUNT, sizeof(*out->by_type));
	return out->by_type ? 0 : error_errno(err, -ENOMEM, "events");
}

void printer_close(struct printer *printer)
{
	event_layouts_free(&printer->layouts);
	free(printer->by_type);
	printer->by_type = NULL;
}

/* Where its type is counted; what is damaged is what render() calls so. */
static size_t type_of(const struct event_layouts *layouts, struct slice record)
{
	const struct event_layout *layout;
	enum { HEADER_SIZE = 16 };
	uint32_t size;

	if (layouts->one_struct)
		return event_layouts_fit(layouts, record, &record) ? 0 :
		       layouts->count + OTHER_RECORD;
	if (layouts->count == 0)
		return layouts->count + OTHER_RECORD;
	size = record.size < HEADER_SIZE ? 0 : load_le32(record.data + 4);
	if (size < HEADER_SIZE || size > record.size)
		return layouts->count + OTHER_DAMAGED;
	layout = event_layouts_find(layouts, load_le32(record.data));
	return layout ? (size_t)(layout - layouts->events) : layouts->count + OTHER_UNKNOWN;
}

void printer_count(struct printer *printer, struct slice record)
{
	printer->received++;
	printer->by_type[type_of(&printer->layouts, record)]++;
}

static int append(const char *text, size_t size, void *buffer)
{
	return buffer_append(buffer, text, size);
}

static int append_line(struct printer *printer, const json_t *event, struct buffer *lines)
{
	if (printer->is_table)
		return table_append(&printer->table, event, lines);
	if (json_dump_callback(event, append, lines, DUMP_FLAGS) < 0)
		return -ENOMEM;
	return buffer_append(lines, "\n", 1);
}

int printer_append(struct printer *printer, struct slice record, struct buffer *lines)
{
	json_t *event = render(&printer->layouts, &printer->clock, record);
	size_t before = lines->size;
	int code = event ? append_line(printer, event, lines) : -ENOMEM;

	printer_count(printer, record);
	if (code)
		lines->size = before;
	json_decref(event);
	return code;
}

const char *printer_type(const struct printer *printer, size_t i, uint64_t *received)
{
	size_t described = printer->layouts.count;

	if (i >= described + OTHER_COUNT)
		return NULL;
	*received = printer->by_type[i];
	return i < described ? printer->layouts.events[i].name : OTHER_NAMES[i - described];
}

size_t printer_header_lines(const struct printer *printer)
{
	return printer->table.has_header;
}
