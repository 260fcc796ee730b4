// SPDX-License-Identifier: BSD-2-Clause
/* Tells by its maps' declarations what its records are; of two buffers, one is called events. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

struct told {
	u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} others SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
	__type(value, struct told);
} events SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct told told = { .pid = bpf_get_current_pid_tgid() >> 32 };

	bpf_get_current_comm(told.comm, sizeof(told.comm));
	bpf_ringbuf_output(&events, &told, sizeof(told), 0);
	bpf_ringbuf_output(&others, &told, sizeof(told), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
