/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/lines.h"

size_t lines_count(const uint8_t *bytes, size_t size)
{
	const uint8_t *end = bytes + size, *at;
	size_t count = 0;

	while (bytes < end && (at = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		count++;
		bytes = at + 1;
	}
	return count;
}

/* Takes bytes off the front. */
static void remove_front(struct lines *lines, size_t size)
{
	struct buffer *bytes = &lines->bytes;

	if (size < bytes->size)
		memmove(bytes->data, bytes->data + size, bytes->size - size);
	bytes->size -= size;
}

size_t lines_settle(struct lines *lines)
{
	const uint8_t *start = lines->bytes.data, *newline;
	size_t count = 0, whole = 0;

	newline = lines->written ? memrchr(start, '\n', lines->written) : NULL;
	if (newline)
		whole = (size_t)(newline - start) + 1;
	count = lines_count(start, whole);
	remove_front(lines, whole);
	lines->written -= whole;
	return count;
}

size_t lines_torn(const struct lines *lines)
{
	return lines->written;
}

size_t lines_first(const struct lines *lines)
{
	const uint8_t *start = lines->bytes.data, *newline;

	newline = lines->bytes.size ? memchr(start, '\n', lines->bytes.size) : NULL;
	return newline ? (size_t)(newline - start) + 1 : 0;
}

size_t lines_drop(struct lines *lines)
{
	size_t kept = lines->written ? lines_first(lines) : 0, count;

	count = lines_count(lines->bytes.data + kept, lines->bytes.size - kept);
	lines->bytes.size = kept;
	return count;
}

size_t lines_drop_torn(struct lines *lines)
{
	if (lines->written == 0)
		return 0;
	remove_front(lines, lines_first(lines));
	lines->written = 0;
	return 1;
}

bool lines_done(const struct lines *lines)
{
	return lines->written == lines->bytes.size;
}
