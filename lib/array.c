/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"

enum { FIRST_CAPACITY = 16 };

/* realloc(3) does the doubling, so that n appended items cost O(n) copies. */
static int grow_to(void **items, size_t needed, size_t *capacity, size_t item_size)
{
	size_t wanted = *capacity ? *capacity : FIRST_CAPACITY;
	void *moved;

	while (wanted < needed) {
		if (wanted > SIZE_MAX / 2)
			return -ENOMEM;
		wanted *= 2;
	}
	if (wanted > SIZE_MAX / item_size)
		return -ENOMEM;
	moved = realloc(*items, wanted * item_size);
	if (!moved)
		return -ENOMEM;
	*items = moved;
	*capacity = wanted;
	return 0;
}

int array_grow_bytes(void **items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return 0;
	if (count == SIZE_MAX)
		return -ENOMEM;
	return grow_to(items, count + 1, capacity, item_size);
}

int buffer_reserve(struct buffer *buffer, size_t size)
{
	if (size <= buffer->capacity - buffer->size)
		return 0;
	if (size > SIZE_MAX - buffer->size)
		return -ENOMEM;
	return grow_to((void **)&buffer->data, buffer->size + size, &buffer->capacity, 1);
}

int buffer_append(struct buffer *buffer, const void *data, size_t size)
{
	int err = buffer_reserve(buffer, size);

	if (err)
		return err;
	if (size == 0)
		return 0;
	if (data)
		memcpy(buffer->data + buffer->size, data, size);
	else
		memset(buffer->data + buffer->size, 0, size);
	buffer->size += size;
	return 0;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}
