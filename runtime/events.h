/* SPDX-License-Identifier: BSD-2-Clause */
/* From the kernel's buffer to JSON lines. */
#ifndef RUNTIME_EVENTS_H
#define RUNTIME_EVENTS_H

#include "loader/load.h"

#include "runtime/counters.h"
#include "runtime/output.h"
#include "runtime/responder.h"

struct events;

struct events_request {
	const char *map;             /* NULL: the object has no events */
	const char *record_struct;   /* what each record was said to be; NULL: the object tells */
	bool table, terminal;        /* lines for people, and people see them; else JSON */
	uint32_t size;               /* of a perf buffer for each CPU; 0: the usual */
	struct output *output;
	struct responder *responder; /* answered between events; may be NULL */
};

/* What came of the events by now. */
struct events_totals {
	struct counts counts;        /* as the object says */
	int counts_code;             /* why it could not be asked: a negative errno */
	uint64_t received;
	struct output_counts output;
	uint64_t unwritten;          /* received, and not written in the end */
};

/*
 * Opens the loaded object's buffer.  -ENOENT: there is no such struct.  events_close() frees;
 * output and responder stay.
 */
int events_open(const struct loaded *loaded, const struct events_request *request,
		struct events **out, struct error *err);
void events_close(struct events *events);

/*
 * Prints events until stop_fd (a signalfd) tells of a signal or `seconds` (0: no limit) are over.
 * SIGHUP opens a file of output anew, and ends it only where there is none.  -EPIPE and other
 * errors of standard output end it.
 */
int events_print(struct events *events, int stop_fd, unsigned seconds, struct error *err);

/*
 * Prints what is left; after the programs were detached, or it may not end.  Where writing has
 * failed, the rest is counted.  err may be NULL.
 */
int events_drain(struct events *events, struct error *err);

/* True when the object's counters are looked up with bpf(2), since they cannot be mapped. */
bool events_look_up(const struct events *events);

struct events_totals events_totals(const struct events *events);

/* How many of one type came; NULL behind the last type. */
const char *events_type(const struct events *events, size_t i, uint64_t *received);

/* The buffer's size, 0 for none; and what waits in it, where that can be known. */
uint64_t events_buffer_size(const struct events *events);
bool events_buffer_fill(const struct events *events, uint64_t *bytes);

#endif
