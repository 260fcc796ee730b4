/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ring buffer or perf buffer: programs call the helper of one or the other, so an object can do
 * with either only when it has both compiled in, by the convention of docs/objects.md.
 */
#ifndef LOADER_EVENT_PATH_H
#define LOADER_EVENT_PATH_H

#include <bpf/libbpf.h>

#include "core/object.h"
#include "lib/error.h"

#define EVENT_PERF_SUFFIX "_perf"          /* map: the twin of the ring buffer */
#define EVENT_SWITCH_SUFFIX "_use_perf"    /* constant: true to use the twin */
#define EVENT_LOST_SUFFIX "_lost"          /* per-CPU array of u64: events that found no room */
#define EVENT_COUNTS_SUFFIX "_counts"      /* array of struct event_counts, which can be mapped */

enum { EVENT_NAME_SIZE = 64 };

/* The name of what belongs to a map of events; returns name. */
char *event_name(const char *map, const char *suffix, char name[static EVENT_NAME_SIZE]);

/*
 * Prepares an opened object for one path: sets its constant, and leaves the other map out.  path is
 * "auto" (ring buffer where the kernel has it), "ringbuf" or "perf".  -ENOENT: the object has no
 * such map, or cannot do with what is wanted; err says which.
 */
int event_path_choose(struct bpf_object *object, const char *map, const char *path,
		      bool kernel_has_ringbuf, bool *use_perf, struct error *err);

/* How the events of an object come to user space. */
enum event_way {
	EVENTS_NONE,             /* it has none, or none that this kernel has a buffer for */
	EVENTS_RINGBUF,
	EVENTS_PERF,
	EVENTS_PERF_INSTEAD,     /* in the place of a ring buffer, which the kernel does not have */
};

/* What event_path_choose() will come to under "auto"; map may be NULL. */
enum event_way event_way_of(const struct object *object, const char *map, bool kernel_has_ringbuf);

#endif
