// SPDX-License-Identifier: BSD-2-Clause
/*
 * Counts what it loses in a map that cannot be mapped, as objects did before docs/objects.md had
 * another way: who reads it makes a system call.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} events_lost SEC(".maps");

/* It says of each event that was sent that another one was lost, so that there is something to read. */
SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	__u64 now = bpf_ktime_get_ns(), *lost;
	__u32 zero = 0;

	bpf_ringbuf_output(&events, &now, sizeof(now), 0);
	lost = bpf_map_lookup_elem(&events_lost, &zero);
	if (lost)
		*lost += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
