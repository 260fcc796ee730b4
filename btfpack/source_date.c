/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "btfpack/source_date.h"

int source_date(time_t *out, struct error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	long long value = time(NULL);
	char *end = NULL;

	if (text) {
		errno = 0;
		value = strtoll(text, &end, 10);
		/* What .deb and .rpm can hold. */
		if (end == text || *end || errno || value < 0 || value > UINT32_MAX)
			return error_set(err, -EINVAL, "SOURCE_DATE_EPOCH=%s: is no number of seconds from "
					 "0 to %lld", text, (long long)UINT32_MAX);
	}
	*out = (time_t)value;
	return 0;
}
