/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variable-length integers (payload/FORMAT.md, 7.1): seven bits a byte, low ones first, the top bit
 * set in all bytes but the last.  Reading goes through a cursor that remembers that something was
 * not there, so that callers check once.
 */
#ifndef PAYLOAD_VARINT_H
#define PAYLOAD_VARINT_H

#include "lib/array.h"

struct cursor {
	const uint8_t *at, *end;
	bool is_bad;             /* something was not there, or not a number; stays so */
};

static inline struct cursor cursor_of(struct slice bytes)
{
	return (struct cursor){ .at = bytes.data, .end = bytes.data + bytes.size };
}

static inline size_t cursor_left(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

/* Reads a number up to 2^64 - 1; 0 and is_bad when there is none. */
uint64_t read_varint(struct cursor *cursor);

/* The same with a limit; what is above it is bad. */
uint64_t read_varint_up_to(struct cursor *cursor, uint64_t limit);

/* Takes size bytes; an empty slice and is_bad when they are not all there. */
struct slice read_bytes(struct cursor *cursor, uint64_t size);

/* Appends value; -ENOMEM. */
int write_varint(struct buffer *out, uint64_t value);

/* Numbers that may be negative: 0, -1, 1, -2, ... become 0, 1, 2, 3, ... */
static inline uint64_t zigzag(uint64_t value)
{
	return value << 1 ^ (value >> 63 ? UINT64_MAX : 0);
}

static inline uint64_t unzigzag(uint64_t code)
{
	return code >> 1 ^ (code & 1 ? UINT64_MAX : 0);
}

#endif
