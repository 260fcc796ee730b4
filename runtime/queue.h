/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that the kernel puts records into and we take them out of: a BPF ring buffer, or one CPU's
 * perf buffer.  Both sides count bytes since the beginning.  libbpf's loops take it that the counts
 * only grow; those of a 32-bit kernel wrap after 4 GiB, and a 32-bit program's see half of a 64-bit
 * kernel's.  No queue is that large, so here the lower halves tell how much there is.
 */
#ifndef RUNTIME_QUEUE_H
#define RUNTIME_QUEUE_H

#include "lib/bytes.h"

/* Written as a whole, on 32-bit processors too. */
typedef uint64_t queue_position __attribute__((aligned(8)));

struct queue {
	const uint32_t *head;        /* the kernel's position: the lower half, little-endian */
	queue_position *tail;        /* ours, shared with the kernel */
	const uint8_t *data;
	uint32_t mask;               /* the data's size, a power of two, less one */
	uint64_t at;                 /* ours, as it was shared last */
};

/* What is done with what was found. */
struct record_reader {
	int (*record)(void *context, struct slice record); /* not 0: stop behind this record */
	void (*lost)(void *context, uint64_t count);       /* records that found no room */
	void *context;
};

/* A record of a perf buffer has a size of 16 bits. */
enum { QUEUE_PERF_RECORD_MAX = 65536 };

/*
 * Hands out the records that are there; 0, or what the reader returned.  The data of a ring buffer
 * is mapped twice in a row, that of a perf buffer once: scratch is for records that lie across its
 * end.  -EIO: what the kernel wrote is no record.
 */
int queue_read_ring(struct queue *queue, const struct record_reader *reader);
int queue_read_perf(struct queue *queue, uint8_t scratch[static QUEUE_PERF_RECORD_MAX],
		    const struct record_reader *reader);

#endif
