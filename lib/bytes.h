/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that came from outside: bounded slices and little-endian loads.  Nothing in the tree casts
 * input to a struct; it reads fields by offset from a slice whose length was checked.
 */
#ifndef LIB_BYTES_H
#define LIB_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of bytes that somebody else owns. */
struct slice {
	const uint8_t *data;
	size_t size;
};

static inline struct slice slice_of(const void *data, size_t size)
{
	return (struct slice){ .data = data, .size = size };
}

/* True when [offset, offset + size) lies within a whole of whole_size bytes; cannot overflow. */
static inline bool range_fits(uint64_t whole_size, uint64_t offset, uint64_t size)
{
	return offset <= whole_size && size <= whole_size - offset;
}

/*
 * Gives size bytes from offset in *part; false, and *part untouched, when they are not all
 * there.
 */
static inline bool slice_part(struct slice whole, uint64_t offset, uint64_t size,
			      struct slice *part)
{
	if (!range_fits(whole.size, offset, size))
		return false;
	*part = slice_of(whole.data + offset, (size_t)size);
	return true;
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline uint16_t load_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load_le64(const uint8_t *p)
{
	return (uint64_t)load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
}

static inline void store_le16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void store_le32(uint8_t *p, uint32_t value)
{
	store_le16(p, (uint16_t)value);
	store_le16(p + 2, (uint16_t)(value >> 16));
}

static inline void store_le64(uint8_t *p, uint64_t value)
{
	store_le32(p, (uint32_t)value);
	store_le32(p + 4, (uint32_t)(value >> 32));
}

#endif
