/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ring buffer or perf buffer: programs call the helper of one or the other, so an object can do
 * with either only when it has both compiled in, by the convention of docs/objects.md.
 */
#ifndef LOADER_EVENT_PATH_H
#define LOADER_EVENT_PATH_H

#include <bpf/libbpf.h>

#include "lib/error.h"

#define EVENT_PERF_SUFFIX "_perf"          /* map: the twin of the ring buffer */
#define EVENT_SWITCH_SUFFIX "_use_perf"    /* constant: true to use the twin */
#define EVENT_LOST_SUFFIX "_lost"          /* per-CPU array of u64: events that found no room */

enum { EVENT_NAME_SIZE = 64 };

/* The name of what belongs to a map of events; returns name. */
char *event_name(const char *map, const char *suffix, char name[static EVENT_NAME_SIZE]);

/* What ring buffer a kernel has. */
enum kernel_ring {
	RING_NONE,
	/*
	 * A 32-bit kernel's counts bytes in 32 bits.  Since it was mended for CVE-2024-41009, it
	 * takes no more records once these are used up, for its pending_pos stays where it is
	 * (kernel/bpf/ringbuf.c).
	 */
	RING_ENDS_AT_4_GIB,
	RING_LASTS,
};

/*
 * Prepares an opened object for one path: sets its constant, and leaves the other map out.  path is
 * "ringbuf", "perf" or "auto": the ring buffer where it lasts, or where there is nothing else.
 * -ENOENT: the object has no such map, or cannot do with what is wanted; err says which.
 */
int event_path_choose(struct bpf_object *object, const char *map, const char *path,
		      enum kernel_ring ring, bool *use_perf, struct error *err);

#endif
