/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "lib/utf8.h"

#include "runtime/text.h"

static const char DIGITS[] = "0123456789abcdef";

/* A backslash before an x would read like an escape of ours. */
static bool needs_escape(struct slice bytes, size_t i)
{
	return bytes.data[i] == '\\' && i + 1 < bytes.size && bytes.data[i + 1] == 'x';
}

/* How many bytes from i on stand for themselves; most texts are such from end to end. */
static size_t plain_length(struct slice bytes, size_t i)
{
	size_t start = i;

	while (i < bytes.size && bytes.data[i] > 0 && bytes.data[i] < 0x80 && bytes.data[i] != '\\')
		i++;
	return i - start;
}

static size_t put_hex(char *out, uint8_t byte)
{
	out[0] = DIGITS[byte >> 4];
	out[1] = DIGITS[byte & 15];
	return 2;
}

json_t *text_to_json(struct slice bytes)
{
	size_t i = 0, used = 0, length;
	char *out;
	json_t *json;

	if (plain_length(bytes, 0) == bytes.size)
		return json_stringn_nocheck(bytes.size ? (const char *)bytes.data : "", bytes.size);
	out = malloc(4 * bytes.size + 1);
	if (!out)
		return NULL;
	while (i < bytes.size) {
		length = plain_length(bytes, i);
		if (length == 0)
			length = needs_escape(bytes, i) ? 0 : utf8_length(bytes, i);
		if (length == 0) {
			out[used++] = '\\';
			out[used++] = 'x';
			used += put_hex(out + used, bytes.data[i++]);
			continue;
		}
		memcpy(out + used, bytes.data + i, length);
		used += length;
		i += length;
	}
	json = json_stringn_nocheck(out, used);
	free(out);
	return json;
}

struct slice text_until_nul(struct slice bytes)
{
	const uint8_t *end = bytes.size ? memchr(bytes.data, 0, bytes.size) : NULL;

	return end ? slice_of(bytes.data, (size_t)(end - bytes.data)) : bytes;
}

json_t *text_hex(struct slice bytes)
{
	size_t i, used = 0;
	char *out;
	json_t *json;

	out = malloc(2 * bytes.size + 1);
	if (!out)
		return NULL;
	for (i = 0; i < bytes.size; i++)
		used += put_hex(out + used, bytes.data[i]);
	json = json_stringn(out, used);
	free(out);
	return json;
}
