// SPDX-License-Identifier: BSD-2-Clause
/* Both programs tell of events; one also fills a ring buffer that no perf buffer stands in for. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "told.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} others SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	tell(ctx, EVENT_EXEC, 0);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *ctx)
{
	__u64 now = bpf_ktime_get_ns();

	tell(ctx, EVENT_EXIT, 0);
	bpf_ringbuf_output(&others, &now, sizeof(now), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
