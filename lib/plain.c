/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plain.h"
#include "lib/utf8.h"

enum { ESCAPE_SIZE = 4 }; /* of "\\xNN" */

/* Characters that make a terminal do something, or show what follows in another order. */
static bool is_control(struct slice text, size_t i, size_t length)
{
	const uint8_t *p = text.data + i;

	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (length == 2) /* U+0080 .. U+009F, U+061C */
		return (p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c);
	if (length == 3 && p[0] == 0xe2 && p[1] == 0x80) /* U+200E, U+200F, U+2028 .. U+202E */
		return p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae);
	return length == 3 && p[0] == 0xe2 && p[1] == 0x81 && /* U+2066 .. U+2069 */
	       p[2] >= 0xa6 && p[2] <= 0xa9;
}

/* Length of the character at i that is shown as it is; 0: its byte is shown as \xNN. */
static size_t shown(struct slice text, size_t i)
{
	size_t length = utf8_length(text, i);

	return length && !is_control(text, i, length) ? length : 0;
}

int plain_append(struct buffer *out, struct slice text)
{
	char escaped[ESCAPE_SIZE + 1];
	size_t i, length;
	int code = 0;

	for (i = 0; i < text.size && !code; i += length ? length : 1) {
		length = shown(text, i);
		snprintf(escaped, sizeof(escaped), "\\x%02x", text.data[i]);
		code = length ? buffer_append(out, text.data + i, length)
			      : buffer_append(out, escaped, ESCAPE_SIZE);
	}
	return code;
}

int plain_append_name(struct buffer *out, const char *text)
{
	return plain_append(out, slice_of(text, strlen(text)));
}

void plain_copy(char *out, size_t size, const char *text)
{
	const struct slice bytes = slice_of(text, strlen(text));
	size_t i, length, room, used = 0;

	for (i = 0; i < bytes.size; i += length ? length : 1) {
		length = shown(bytes, i);
		room = length ? length : ESCAPE_SIZE;
		if (used + room >= size)
			break;
		if (length)
			memcpy(out + used, bytes.data + i, length);
		else
			snprintf(out + used, size - used, "\\x%02x", bytes.data[i]);
		used += room;
	}
	out[used] = '\0';
}

char *plain_dup(const char *text)
{
	size_t size = strlen(text) * ESCAPE_SIZE + 1;
	char *copy = malloc(size);

	if (copy)
		plain_copy(copy, size, text);
	return copy;
}

bool plain_is(const char *text)
{
	const struct slice bytes = slice_of(text, strlen(text));
	size_t i, length;

	for (i = 0; i < bytes.size; i += length) {
		length = shown(bytes, i);
		if (!length)
			return false;
	}
	return true;
}
