/* SPDX-License-Identifier: BSD-2-Clause */
#include "payload/varint.h"

uint64_t read_varint(struct cursor *cursor)
{
	uint64_t value = 0;
	unsigned int shift;

	for (shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
		uint64_t bits = *cursor->at & 0x7f;

		if (bits << shift >> shift != bits)
			break;
		value |= bits << shift;
		if (!(*cursor->at++ & 0x80))
			return value;
	}
	cursor->is_bad = true;
	cursor->at = cursor->end;
	return 0;
}

uint64_t read_varint_up_to(struct cursor *cursor, uint64_t limit)
{
	uint64_t value = read_varint(cursor);

	if (value <= limit)
		return value;
	cursor->is_bad = true;
	cursor->at = cursor->end;
	return 0;
}

struct slice read_bytes(struct cursor *cursor, uint64_t size)
{
	struct slice bytes = slice_of(cursor->at, 0);

	if (size > cursor_left(cursor)) {
		cursor->is_bad = true;
		cursor->at = cursor->end;
		return bytes;
	}
	bytes.size = (size_t)size;
	cursor->at += size;
	return bytes;
}

int write_varint(struct buffer *out, uint64_t value)
{
	uint8_t bytes[10];
	size_t size = 0;

	for (; value > 0x7f; value >>= 7)
		bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	return buffer_append(out, bytes, size);
}
