/* SPDX-License-Identifier: BSD-2-Clause */
/* From the kernel's buffer to lines on standard output. */
#ifndef RUNTIME_EVENTS_H
#define RUNTIME_EVENTS_H

#include <signal.h>

#include "loader/load.h"

struct events;

struct events_totals {
	uint64_t printed, lost;
	bool lost_known;             /* false: this kernel or object cannot tell */
};

struct events_request {
	const char *map;             /* NULL: the object has no events */
	const char *record_struct;   /* what each record was said to be; NULL: the object tells */
	bool table;                  /* lines for people; else JSON */
};

/* Opens the loaded object's buffer.  -ENOENT: there is no such struct.  events_close() frees. */
int events_open(const struct loaded *loaded, const struct events_request *request,
		struct events **out, struct error *err);
void events_close(struct events *events);

/*
 * Prints events until stop_fd (a signalfd) becomes readable or `seconds` (0: no limit) are over.
 * -EPIPE and other errors of standard output end it.
 */
int events_print(struct events *events, int stop_fd, unsigned seconds, struct error *err);

/* Prints what is left; after the programs were detached, or it may not end. */
int events_drain(struct events *events, struct error *err);

struct events_totals events_totals(const struct events *events);

#endif
