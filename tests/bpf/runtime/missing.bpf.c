// SPDX-License-Identifier: BSD-2-Clause
/* One program reads a field that no kernel has. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct___btferry {
	int no_such_field;
} __attribute__((preserve_access_index));

u64 seen;

SEC("raw_tp/sched_process_exit")
int reads_nothing(void *ctx)
{
	seen++;
	return 0;
}

SEC("raw_tp/sched_process_exec")
int reads_missing(void *ctx)
{
	struct task_struct___btferry *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
