// SPDX-License-Identifier: BSD-2-Clause
/* A field that no kernel has, read only where a test says that it is there. */
#include "subject.h"

struct task_struct___subject {
	int no_such_field;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_process_exec")
int looks_first(void *ctx)
{
	struct task_struct___subject *task = (void *)bpf_get_current_task();

	if (bpf_core_field_exists(task->no_such_field))
		seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}
