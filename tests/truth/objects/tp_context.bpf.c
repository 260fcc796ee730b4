// SPDX-License-Identifier: BSD-2-Clause
/* A tracepoint whose program reads beyond what the event has: it loads, and does not attach. */
#include "subject.h"

SEC("tp/sched/sched_process_fork")
int too_far(u64 *ctx)
{
	return ctx[200];
}
