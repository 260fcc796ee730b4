// SPDX-License-Identifier: BSD-2-Clause
/* A field that no kernel has, behind a constant that keeps the program from it. */
#include "subject.h"

struct task_struct___subject {
	int no_such_field;
} __attribute__((preserve_access_index));

const volatile bool is_new = false;

SEC("raw_tp/sched_process_exec")
int never_comes_there(void *ctx)
{
	struct task_struct___subject *task = (void *)bpf_get_current_task();

	if (is_new)
		seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}
