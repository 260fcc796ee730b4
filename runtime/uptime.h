/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock that intervals are measured with. */
#ifndef RUNTIME_UPTIME_H
#define RUNTIME_UPTIME_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of CLOCK_MONOTONIC. */
static inline int64_t uptime_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
