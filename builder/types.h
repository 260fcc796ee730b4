/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a kernel declares the types that tracers most often read. */
#ifndef BUILDER_TYPES_H
#define BUILDER_TYPES_H

#include <stddef.h>

/*
 * The header (as #include <...> names it) of the type of this name, which needs no NUL behind it;
 * NULL where it is not known.
 */
const char *types_header(const char *name, size_t length);

/* Where a tracepoint is defined. */
struct event_place {
	const char *header;
	/*
	 * The kernel has the tracepoint with this option only, whatever its headers describe:
	 * "CONFIG_BLOCK"; NULL: always.
	 */
	const char *option;
};

/*
 * The place of the tracepoint whose record is called so, "trace/events/sched.h" for
 * trace_event_raw_sched_process_exec, as far as its name tells: the subsystem is the start of it.
 * header is NULL when it is no such record.
 */
struct event_place types_event(const char *name, size_t length);

#endif
