// SPDX-License-Identifier: BSD-2-Clause
/* Has a helper whose verification takes the kernel's own BTF, which need not be exposed for it. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} pids SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u32 pid = BPF_CORE_READ(task, tgid);

	bpf_ringbuf_output(&pids, &pid, sizeof(pid), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
