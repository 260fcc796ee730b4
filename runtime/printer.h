/* SPDX-License-Identifier: BSD-2-Clause */
/* A record becomes a line, and is counted by its type. */
#ifndef RUNTIME_PRINTER_H
#define RUNTIME_PRINTER_H

#include "loader/clock.h"

#include "runtime/event_layouts.h"
#include "runtime/table.h"

struct printer {
	struct event_layouts layouts;
	struct clock clock;
	bool is_table;
	struct table table;
	uint64_t received;
	uint64_t *by_type;           /* of each layout, then of those that nothing describes */
};

struct printer_request {
	const struct btf *btf;       /* of the object; NULL: records are printed as bytes */
	const char *map;
	const char *record_struct;   /* what each record was said to be; NULL: the object tells */
	bool table, terminal;        /* lines for people, and people see them; else JSON */
};

/* -ENOENT: there is no such struct.  printer_close() frees, also what a failure left. */
int printer_open(const struct printer_request *request, struct printer *out, struct error *err);
void printer_close(struct printer *printer);

/* Counts a record that is not printed. */
void printer_count(struct printer *printer, struct slice record);

/* Counts a record and appends its line; -ENOMEM, and lines are as they were. */
int printer_append(struct printer *printer, struct slice record, struct buffer *lines);

/* The name of a type, and how many of it came; NULL behind the last one. */
const char *printer_type(const struct printer *printer, size_t i, uint64_t *received);

/* Lines that are none of an event: the table's header. */
size_t printer_header_lines(const struct printer *printer);

#endif
