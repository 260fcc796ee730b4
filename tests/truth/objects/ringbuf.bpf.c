// SPDX-License-Identifier: BSD-2-Clause
/* A ring buffer: a kernel without it is told by the map, not by the program. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();

	bpf_ringbuf_output(&events, &pid, sizeof(pid), 0);
	return 0;
}
