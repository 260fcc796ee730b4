// SPDX-License-Identifier: BSD-2-Clause
/* A kernel function that exists, and that programs must not call. */
#include "subject.h"

extern int do_unlinkat(int at, struct filename *name) __ksym;

SEC("tp_btf/sched_process_exec")
int on_exec(void *ctx)
{
	return do_unlinkat(-1, NULL);
}
