// SPDX-License-Identifier: BSD-2-Clause
/* Reads a field that no kernel has, unless a setting closes that branch. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct___btferry_missing {
	int btferry_no_such_field;
} __attribute__((preserve_access_index));

const volatile bool reads_missing = true;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct task_struct___btferry_missing *task = (void *)bpf_get_current_task();

	return reads_missing ? BPF_CORE_READ(task, btferry_no_such_field) : 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
