// SPDX-License-Identifier: BSD-2-Clause
/* A helper that gives a typed pointer, so that the verifier needs the kernel's own BTF. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();

	seen += task->tgid;
	return 0;
}
