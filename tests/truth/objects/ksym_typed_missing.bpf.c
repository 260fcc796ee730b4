// SPDX-License-Identifier: BSD-2-Clause
/* A typed kernel variable that no kernel has. */
#include "subject.h"

extern const int no_such_variable __ksym;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	const int *variable = bpf_this_cpu_ptr(&no_such_variable);

	seen += *variable;
	return 0;
}
