// SPDX-License-Identifier: BSD-2-Clause
/* A loop that never ends: the verifier refuses it. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int forever(void *ctx)
{
	for (;;)
		asm volatile("");
}
