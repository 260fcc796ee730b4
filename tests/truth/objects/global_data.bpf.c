// SPDX-License-Identifier: BSD-2-Clause
/* Constants and variables outside of functions, which take array maps since 5.2. */
#include "subject.h"

const volatile u32 limit = 7;
u64 counts[4];

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	if (limit > 3)
		counts[limit & 3]++;
	return 0;
}
