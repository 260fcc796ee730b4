/* SPDX-License-Identifier: BSD-2-Clause */
/* What the object counts of its events: sent to user space, and lost for want of room. */
#ifndef RUNTIME_COUNTERS_H
#define RUNTIME_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/load.h"

struct counters {
	void *mapped;                /* the map of docs/objects.md, which takes no privilege to read */
	size_t size;                 /* of it, in bytes */
	uint32_t cpus;               /* elements */
	int lost_map;                /* else: the older per-CPU array; -1: none */
};

struct counts {
	uint64_t sent, lost;
	bool sent_known, lost_known;
};

/* Opens what the object has; it may have nothing.  counters_close() frees. */
int counters_open(const struct loaded *loaded, const char *map, struct counters *out,
		  struct error *err);
void counters_close(struct counters *counters);

/*
 * The sums by now.  -EPERM: the kernel does not let this process look the older map up.
 */
int counters_read(const struct counters *counters, struct counts *out);

#endif
