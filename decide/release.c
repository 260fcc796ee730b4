/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "decide/release.h"

#define BETWEEN "-.+~"

/* Version and patch level of the kernel: what its developers call a series. */
enum { SERIES_NUMBERS = 2 };

struct release release_of(const char *text)
{
	struct release out = { .flavour = "" };
	size_t count = 0, used = 0, length;

	for (; *text; text += length) {
		text += strspn(text, BETWEEN);
		length = strcspn(text, BETWEEN);
		if (!length)
			break;
		if (strspn(text, "0123456789") >= length) {
			if (count < RELEASE_NUMBERS)
				out.numbers[count++] = strtoull(text, NULL, 10);
		} else if (used + length + 2 <= sizeof(out.flavour)) {
			if (used)
				out.flavour[used++] = '-';
			memcpy(out.flavour + used, text, length);
			used += length;
		}
	}
	return out;
}

int release_compare(const struct release *a, const struct release *b)
{
	size_t i;

	for (i = 0; i < RELEASE_NUMBERS; i++)
		if (a->numbers[i] != b->numbers[i])
			return a->numbers[i] < b->numbers[i] ? -1 : 1;
	return 0;
}

bool release_is_akin(const struct release *a, const struct release *b)
{
	return memcmp(a->numbers, b->numbers, SERIES_NUMBERS * sizeof(a->numbers[0])) == 0 &&
	       strcmp(a->flavour, b->flavour) == 0;
}
