// SPDX-License-Identifier: BSD-2-Clause
/* Asks for a field that proctrace does not read: the whole BTF has it, a reduced one has not. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "told.h"

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	tell(ctx, EVENT_EXEC, BPF_CORE_READ(task, parent, tgid));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
