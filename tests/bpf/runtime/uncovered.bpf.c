// SPDX-License-Identifier: BSD-2-Clause
/* A relocation that proctrace does not have: no BTF that was reduced for proctrace covers it. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

u64 seen;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, nivcsw);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
