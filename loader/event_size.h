/* SPDX-License-Identifier: BSD-2-Clause */
/* How large the maps around events are: what is known on the host that loads them only. */
#ifndef LOADER_EVENT_SIZE_H
#define LOADER_EVENT_SIZE_H

#include <bpf/libbpf.h>

#include "lib/error.h"

/* bpf/event.h: struct event_counts, two u64 and what keeps the next one off their cache line. */
enum { EVENT_COUNTS_SIZE = 64, EVENT_COUNTS_SENT = 0, EVENT_COUNTS_LOST = 8 };

/*
 * Of an opened object: makes the map of counters as long as there may be CPUs, and the ring buffer
 * size bytes large (0: as the object says).  Perf buffers are made by who reads them.
 * -EINVAL: size is no multiple of this host's pages.
 */
int event_sizes_set(struct bpf_object *object, const char *map, bool use_perf, uint32_t size,
		    struct error *err);

/*
 * The object's map of counters, by the convention of docs/objects.md: NULL where there is none, or
 * another map has its name.
 */
struct bpf_map *event_counts_map(const struct bpf_object *object, const char *map);

#endif
