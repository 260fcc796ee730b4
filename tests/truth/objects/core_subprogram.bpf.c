// SPDX-License-Identifier: BSD-2-Clause
/* A field that no kernel has, in a subprogram that one of two programs calls. */
#include "subject.h"

struct task_struct___subject {
	int no_such_field;
} __attribute__((preserve_access_index));

static __noinline int missing(struct task_struct___subject *task)
{
	return BPF_CORE_READ(task, no_such_field);
}

SEC("raw_tp/sched_process_exec")
int calls(void *ctx)
{
	return missing((void *)bpf_get_current_task());
}

NOTHING("raw_tp/sched_process_exit", does_not_call)
