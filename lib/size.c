/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "lib/size.h"

enum { MAX_DIGITS = 18, LEAST_BUFFER = 4096, MOST_BUFFER = 1 << 30 };

bool size_parse(const char *text, uint64_t *bytes)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t unit = 1;

	if (digits == 0 || digits > MAX_DIGITS)
		return false;
	if (strcmp(text + digits, "K") == 0)
		unit = 1024;
	else if (strcmp(text + digits, "M") == 0)
		unit = 1048576;
	else if (text[digits])
		return false;
	return !__builtin_mul_overflow(strtoull(text, NULL, 10), unit, bytes);
}

bool size_is_buffer(uint64_t bytes)
{
	return bytes >= LEAST_BUFFER && bytes <= MOST_BUFFER && (bytes & (bytes - 1)) == 0;
}
