/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's buffer of events, ring or perf. */
#ifndef RUNTIME_SOURCE_H
#define RUNTIME_SOURCE_H

#include "loader/load.h"

/* One record; the bytes are gone when it returns. */
typedef void source_record(void *context, struct slice record);

struct source {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	source_record *record;
	void *context;
	const void *positions[2];    /* of the ring: pages with its reader's and its writer's */
	uint64_t size;               /* of the buffer, in bytes; a perf buffer's for each CPU */
	uint64_t lost;               /* as the kernel tells; perf buffer only */
	uint64_t taken;              /* bytes of records, at most */
	unsigned batch;
};

/*
 * Opens the map's buffer in place, for libbpf keeps the address; size is a perf buffer's for each
 * CPU, 0 for the usual.  source_close() frees.
 */
int source_open(struct source *source, const struct loaded *loaded, const char *map, uint32_t size,
		source_record *record, void *context, struct error *err);
void source_close(struct source *source);

/* Hands out what is there, a batch at most; 1: there may be more. */
int source_read(struct source *source, struct error *err);

/* To wait for records at; -1: there is no buffer. */
int source_fd(const struct source *source);

/* Bytes that wait in the ring buffer; false for a perf buffer, which does not tell. */
bool source_fill(const struct source *source, uint64_t *bytes);

#endif
