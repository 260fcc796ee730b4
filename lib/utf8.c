/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/utf8.h"

static bool continues(struct slice bytes, size_t i)
{
	return i < bytes.size && (bytes.data[i] & 0xc0) == 0x80;
}

/* RFC 3629, 4. */
size_t utf8_length(struct slice bytes, size_t i)
{
	uint8_t first = bytes.data[i];
	uint8_t second = i + 1 < bytes.size ? bytes.data[i + 1] : 0;

	if (first == 0)
		return 0;
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4 || !continues(bytes, i + 1))
		return 0;
	if (first < 0xe0)
		return 2;
	if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ||
	    !continues(bytes, i + 2))
		return 0;
	if (first < 0xf0)
		return 3;
	return continues(bytes, i + 3) ? 4 : 0;
}

bool utf8_is_valid(struct slice bytes)
{
	size_t i, length;

	for (i = 0; i < bytes.size; i += length) {
		length = utf8_length(bytes, i);
		if (length == 0)
			return false;
	}
	return true;
}
