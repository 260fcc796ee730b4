// SPDX-License-Identifier: BSD-2-Clause
/* A helper that is newer than any kernel, behind a constant that keeps the program from it. */
#include "subject.h"

static long (*from_the_future)(void *ctx) = (void *)9999;
const volatile bool has_future = false;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	return has_future ? from_the_future(ctx) : 0;
}
