/* SPDX-License-Identifier: BSD-2-Clause */
/* Lost events are told while it goes on, not only when it is over; and not for each. */
#ifndef RUNTIME_LOSS_H
#define RUNTIME_LOSS_H

#include <stdbool.h>
#include <stdint.h>

struct loss {
	uint64_t told;               /* events */
	int64_t told_at;             /* uptime_ms(); 0: never */
	int64_t looked_at;
	bool is_due;                 /* something came since the last look */
};

/* How many milliseconds until the counters should be read: 0 now, -1 no need. */
int loss_due(const struct loss *loss, int64_t now);

/*
 * Of so many lost events in all: warns, if there are new ones.  size is the buffer's, for what to
 * do about it: of each CPU if per_cpu.
 */
void loss_tell(struct loss *loss, uint64_t lost, uint64_t size, bool per_cpu, int64_t now);

#endif
