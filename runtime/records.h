/* SPDX-License-Identifier: BSD-2-Clause */
/* The map through which an object hands out records: a ring buffer, or perf buffers. */
#ifndef RUNTIME_RECORDS_H
#define RUNTIME_RECORDS_H

#include <stdbool.h>

#include "runtime/queue.h"

struct records;

/*
 * Opens a map of a loaded object; a negative errno.  ends: the ring buffer takes no more after
 * 4 GiB (enum kernel_ring).  records_close() frees.
 */
int records_open(int map_fd, bool is_perf, bool ends, struct records **out);
void records_close(struct records *records);

/* A descriptor that poll(2) finds readable when there are records. */
int records_fd(const struct records *records);

/*
 * Hands out the records that are there; 0, what the reader returned to stop, or a negative errno:
 * -EOVERFLOW at the end of a ring buffer that ends.  After a stop, the next CPU's are the first.
 */
int records_read(struct records *records, const struct record_reader *reader);

#endif
