// SPDX-License-Identifier: BSD-2-Clause
/* The address of a kernel variable: /proc/kallsyms has it only with CONFIG_KALLSYMS_ALL. */
#include "subject.h"

extern const void init_task __ksym;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen = (u64)&init_task;
	return 0;
}
