/* SPDX-License-Identifier: BSD-2-Clause */
/* From the kernel's clocks to the one on the wall. */
#ifndef LOADER_CLOCK_H
#define LOADER_CLOCK_H

#include <stdint.h>

enum { CLOCK_TEXT_SIZE = 40 };

/*
 * What to add to the times that BPF helpers and task_struct give.  Those are the initial time
 * namespace's, whatever namespace this process is in.
 */
struct clock {
	int64_t monotonic_offset;    /* to CLOCK_REALTIME, nanoseconds */
	int64_t suspended;           /* how far CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC */
	int64_t namespace_monotonic; /* what this process's time namespace adds */
	int64_t namespace_boottime;
};

void clock_init(struct clock *clock);

/* Takes the offsets anew: the wall clock can be set at any time. */
void clock_refresh(struct clock *clock);

/* Nanoseconds since 1970 as RFC 3339, "2024-05-06T07:08:09.000000001Z"; returns text. */
char *clock_text(int64_t realtime, char text[static CLOCK_TEXT_SIZE]);

/*
 * What this process's time namespace adds to a clock ("monotonic" or "boottime"), in nanoseconds;
 * 0 in the initial one and on kernels without (before 5.6).
 */
int64_t clock_namespace_offset(const char *name);

#endif
