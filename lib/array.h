/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Growable storage.  `struct buffer` holds bytes; array_grow() makes room in any "items, count,
 * capacity" triple.  Both check for overflow before they allocate.
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/bytes.h"

/* Bytes that this struct owns; all zero is a valid empty buffer. */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t capacity;
};

/* Appends size bytes, or size zero bytes when data is NULL; -ENOMEM leaves the buffer as it was. */
int buffer_append(struct buffer *buffer, const void *data, size_t size);

/* Makes room for size more bytes without changing the size. */
int buffer_reserve(struct buffer *buffer, size_t size);

/* Frees the bytes and leaves an empty buffer. */
void buffer_free(struct buffer *buffer);

static inline struct slice buffer_slice(const struct buffer *buffer)
{
	return slice_of(buffer->data, buffer->size);
}

/*
 * Makes room for one more item: items is the address of the pointer to the first item.  Returns 0
 * or -ENOMEM, which leaves everything as it was.
 */
#define array_grow(items, count, capacity) \
	array_grow_bytes((void **)(items), (count), (capacity), sizeof(**(items)))

int array_grow_bytes(void **items, size_t count, size_t *capacity, size_t item_size);

#endif
