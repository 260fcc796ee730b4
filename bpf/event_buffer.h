/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How events leave an object, whatever buffer the kernel has, and how they are counted; to be
 * copied, as event.h.  Include after kernel_types.h (or vmlinux.h and bpf/bpf_helpers.h);
 * EVENTS_SIZE is the ring buffer's size.
 */
#ifndef BPF_EVENT_BUFFER_H
#define BPF_EVENT_BUFFER_H

#include "event.h"

/* Set by the runtime where the kernel has no ring buffer: docs/objects.md. */
const volatile bool events_use_perf = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENTS_SIZE);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events_perf SEC(".maps");

/* What was sent, and what found no room; the runtime makes it as long as there are CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_counts);
} events_counts SEC(".maps");

/* Another loader may have left the map with one element, for all CPUs; so they add atomically. */
static __always_inline void count_event(bool lost)
{
	__u32 zero = 0, cpu = bpf_get_smp_processor_id();
	struct event_counts *counts = bpf_map_lookup_elem(&events_counts, &cpu);

	if (!counts)
		counts = bpf_map_lookup_elem(&events_counts, &zero);
	if (counts)
		__sync_fetch_and_add(lost ? &counts->lost : &counts->sent, 1);
}

/* size: of the record, in bytes, as its header says. */
static __always_inline void send_event(void *ctx, void *record, __u64 size)
{
	long failed;

	if (events_use_perf)
		failed = bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, record, size);
	else
		failed = bpf_ringbuf_output(&events, record, size, 0);
	count_event(failed != 0);
}

#endif
