// SPDX-License-Identifier: BSD-2-Clause
/*
 * FLOOD events at once for each program of the name "flood" that is executed: by their process and
 * number one can tell whether each came, and once.  It has both buffers, counts, and needs no BTF.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_DROP = 1,
};

#include "bpf/event.h"

enum { FLOOD = 1024 };

struct event_drop {
	struct event_header header FORMAT("inline");
	u32 pid;
	u32 number;
	char text[40];
};

const volatile bool events_use_perf = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events_perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct event_counts);
} events_counts SEC(".maps");

/* Not on the stack only, so that its type is in the object's BTF. */
static volatile struct event_drop known = {
	.header = { .event = EVENT_DROP, .size = sizeof(struct event_drop) },
};

static __always_inline void send_one(void *ctx, struct event_drop *drop)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct event_counts *counts = bpf_map_lookup_elem(&events_counts, &cpu);
	long failed;

	if (events_use_perf)
		failed = bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, drop, sizeof(*drop));
	else
		failed = bpf_ringbuf_output(&events, drop, sizeof(*drop), 0);
	if (counts)
		__sync_fetch_and_add(failed ? &counts->lost : &counts->sent, 1);
}

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct event_drop drop = known;
	int i;

	bpf_get_current_comm(drop.text, 16);
	if (drop.text[0] != 'f' || drop.text[1] != 'l' || drop.text[2] != 'o' ||
	    drop.text[3] != 'o' || drop.text[4] != 'd' || drop.text[5] != 0)
		return 0;
	drop.header.time = bpf_ktime_get_ns();
	drop.pid = bpf_get_current_pid_tgid() >> 32;
#pragma clang loop unroll(disable)
	for (i = 0; i < FLOOD; i++) {
		drop.number = i;
		send_one(ctx, &drop);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
