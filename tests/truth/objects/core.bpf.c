// SPDX-License-Identifier: BSD-2-Clause
/* Fields that every kernel has, read through relocations. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, real_parent, tgid);
	return 0;
}
