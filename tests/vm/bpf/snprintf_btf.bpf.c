// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * bpf_snprintf_btf(): without BTF in the kernel it loads and attaches all the same, and fails
 * whenever it is called.  A record is what it returned.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events SEC(".maps");

SEC("raw_tp/sched_process_exec")
int snprintf_btf(void *ctx)
{
	struct btf_ptr value = {
		.ptr = (void *)bpf_get_current_task(),
		.type_id = bpf_core_type_id_kernel(struct list_head),
	};
	char text[64] = "";
	long result = bpf_snprintf_btf(text, sizeof(text), &value, sizeof(value), 0);

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &result, sizeof(result));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
