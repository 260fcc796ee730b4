// SPDX-License-Identifier: BSD-2-Clause
/* A typed kernel variable that no kernel has, and that is weak and looked at first. */
#include "subject.h"

extern const int no_such_variable __ksym __weak;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	if (&no_such_variable)
		seen += *(const int *)bpf_this_cpu_ptr(&no_such_variable);
	return 0;
}
