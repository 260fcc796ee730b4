/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole lines on their way to a descriptor, of which the first may be written in part.
 */
#ifndef RUNTIME_LINES_H
#define RUNTIME_LINES_H

#include "lib/array.h"

struct lines {
	struct buffer bytes;         /* starts with the start of a line */
	size_t written;              /* of them */
};

/* How many lines end in these bytes. */
size_t lines_count(const uint8_t *bytes, size_t size);

/* Forgets the lines that are written whole; returns how many. */
size_t lines_settle(struct lines *lines);

/* How many bytes of the first line are written, after lines_settle(). */
size_t lines_torn(const struct lines *lines);

/* Length of the first line with its newline, after lines_settle(); 0 when there is none. */
size_t lines_first(const struct lines *lines);

/* Forgets all lines but the one that is torn; returns how many. */
size_t lines_drop(struct lines *lines);

/* Forgets the torn line; returns how many lines that is: 0 or 1. */
size_t lines_drop_torn(struct lines *lines);

/* True when everything is written. */
bool lines_done(const struct lines *lines);

#endif
