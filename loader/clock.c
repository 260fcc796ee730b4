/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "loader/clock.h"

enum { READINGS = 5 };

static const int64_t SECOND = 1000000000, MILLISECOND = 1000000;

/* Lines of /proc/self/timens_offsets: "monotonic SECONDS NANOSECONDS", "boottime ...". */
int64_t clock_namespace_offset(const char *name)
{
	long long seconds, nanoseconds;
	int64_t offset = 0;
	char line[128], word[32];
	FILE *file;

	file = fopen("/proc/self/timens_offsets", "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%31s %lld %lld", word, &seconds, &nanoseconds) == 3 &&
		    strcmp(word, name) == 0)
			offset = seconds * SECOND + nanoseconds;
	fclose(file);
	return offset;
}

static int64_t now(clockid_t id)
{
	struct timespec time = { 0 };

	clock_gettime(id, &time);
	return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

/*
 * How far a clock is ahead of CLOCK_MONOTONIC, once `shift` is taken off: two clocks are never
 * read at once, so the tightest of some readings counts, and what could be 0 is 0.
 */
static int64_t ahead_of_monotonic(clockid_t id, int64_t shift)
{
	int64_t best = INT64_MAX, ahead = 0;
	int i;

	for (i = 0; i < READINGS; i++) {
		int64_t before = now(CLOCK_MONOTONIC), time = now(id) - shift;
		int64_t after = now(CLOCK_MONOTONIC);

		if (before <= time && time <= after)
			return 0;
		if (after - before < best) {
			best = after - before;
			ahead = time - before - best / 2;
		}
	}
	return ahead;
}

/*
 * What moved less than that stays, so that one and the same time, a process's start, reads the
 * same in each event.
 */
static void follow(int64_t *offset, int64_t found)
{
	if (found - *offset > MILLISECOND || *offset - found > MILLISECOND)
		*offset = found;
}

void clock_refresh(struct clock *clock)
{
	/* Only a suspended host's clocks differ, beyond what the namespace does. */
	int64_t suspended = ahead_of_monotonic(CLOCK_BOOTTIME, clock->namespace_boottime -
					       clock->namespace_monotonic);

	follow(&clock->monotonic_offset,
	       ahead_of_monotonic(CLOCK_REALTIME, 0) + clock->namespace_monotonic);
	follow(&clock->suspended, suspended);
}

void clock_init(struct clock *clock)
{
	*clock = (struct clock){ 0 };
	clock->namespace_monotonic = clock_namespace_offset("monotonic");
	clock->namespace_boottime = clock_namespace_offset("boottime");
	clock_refresh(clock);
}

/* Writes digits and what follows them; events have many times, and strftime(3) takes its time. */
static char *put(char *at, unsigned value, unsigned digits, char behind)
{
	unsigned i;

	for (i = digits; i > 0; i--, value /= 10)
		at[i - 1] = (char)('0' + value % 10);
	at[digits] = behind;
	return at + digits + 1;
}

/* 64 bits of nanoseconds are years of four digits. */
char *clock_text(int64_t realtime, char text[static CLOCK_TEXT_SIZE])
{
	int64_t nanoseconds = realtime % SECOND;
	time_t seconds = (time_t)(realtime / SECOND);
	struct tm tm;
	char *at = text;

	if (nanoseconds < 0) {
		nanoseconds += SECOND;
		seconds--;
	}
	if (!gmtime_r(&seconds, &tm)) {
		snprintf(text, CLOCK_TEXT_SIZE, "%lld", (long long)realtime);
		return text;
	}
	at = put(at, (unsigned)tm.tm_year + 1900, 4, '-');
	at = put(at, (unsigned)tm.tm_mon + 1, 2, '-');
	at = put(at, (unsigned)tm.tm_mday, 2, 'T');
	at = put(at, (unsigned)tm.tm_hour, 2, ':');
	at = put(at, (unsigned)tm.tm_min, 2, ':');
	at = put(at, (unsigned)tm.tm_sec, 2, '.');
	at = put(at, (unsigned)nanoseconds, 9, 'Z');
	*at = '\0';
	return text;
}
