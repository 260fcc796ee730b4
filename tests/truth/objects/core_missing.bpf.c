// SPDX-License-Identifier: BSD-2-Clause
/* A field that no kernel has, unguarded, in one of two programs. */
#include "subject.h"

struct task_struct___subject {
	int no_such_field;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_process_exec")
int reads_missing(void *ctx)
{
	struct task_struct___subject *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}

NOTHING("raw_tp/sched_process_exit", reads_nothing)
