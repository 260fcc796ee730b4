/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "payload/format.h"

#include "payload/names.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

/* 1 to max bytes, the first of `first`, all of `all`.  <ctype.h> would depend on the locale. */
static bool is_made_of(const char *text, const char *first, const char *all, size_t max)
{
	size_t length = strnlen(text, max + 1);

	return length >= 1 && length <= max && strchr(first, text[0]) && strspn(text, all) == length;
}

bool name_is_app(const char *text)
{
	return is_made_of(text, LOWER, LOWER DIGIT "-", PAYLOAD_MAX_APP);
}

bool name_is_version(const char *text)
{
	return is_made_of(text, LOWER UPPER DIGIT, LOWER UPPER DIGIT ".+~-", PAYLOAD_MAX_APP);
}

bool name_is_kernel_word(const char *text)
{
	return is_made_of(text, LOWER UPPER DIGIT "_+~:-", LOWER UPPER DIGIT "_+~:.-",
			  PAYLOAD_MAX_NAME);
}

bool name_is_file(const char *text)
{
	return is_made_of(text, LOWER UPPER DIGIT "_-", LOWER UPPER DIGIT "._-", PAYLOAD_MAX_NAME);
}

bool name_is_build(const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (i == PAYLOAD_MAX_BUILD || text[i] < 0x20 || text[i] > 0x7e)
			return false;
	return true;
}
