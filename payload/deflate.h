/* SPDX-License-Identifier: BSD-2-Clause */
/* Raw deflate (RFC 1951) as zlib does it. */
#ifndef PAYLOAD_DEFLATE_H
#define PAYLOAD_DEFLATE_H

#include "lib/array.h"

/*
 * Appends one stream that holds the pieces, a block of its own or more for each: what statistics
 * fit names do not fit numbers.  -ENOMEM.
 */
int deflate_append(const struct slice *pieces, size_t count, struct buffer *out);

/* Appends the size bytes that stored holds; -EBADMSG when it holds less, more, or no stream. */
int inflate_append(struct slice stored, size_t size, struct buffer *out);

#endif
