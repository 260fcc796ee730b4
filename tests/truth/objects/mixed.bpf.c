// SPDX-License-Identifier: BSD-2-Clause
/* Three programs with three fates: one failure must not hide the rest. */
#include "subject.h"

NOTHING("raw_tp/sched_process_exec", good)

SEC("raw_tp/sched_process_exit")
int wild(u64 *ctx)
{
	return *(int *)ctx[0];
}

NOTHING("raw_tp/no_such_tracepoint", nowhere)
