// SPDX-License-Identifier: BSD-2-Clause
/* The address of a kernel variable that no kernel has. */
#include "subject.h"

extern const void no_such_symbol __ksym;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen = (u64)&no_such_symbol;
	return 0;
}
