/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What objects need to tell who did something, by the convention of docs/objects.md.  Include after
 * vmlinux.h and bpf_helpers.h.  Nothing here has a relocation.
 */
#ifndef TESTS_BPF_TOLD_H
#define TESTS_BPF_TOLD_H

enum event_type {
	EVENT_EXEC = 1,
	EVENT_EXIT,
};

#include "bpf/event.h"

struct who {
	__u32 pid;
	__u32 ppid OMIT_EMPTY;       /* 0: the object cannot know it */
	__u32 uid;
	char comm[16];
};

struct event_exec {
	struct event_header header FORMAT("inline");
	struct who who FORMAT("inline");
};

struct event_exit {
	struct event_header header FORMAT("inline");
	struct who who FORMAT("inline");
};

const volatile bool events_use_perf = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events_perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} events_lost SEC(".maps");

union event {
	struct event_exec exec;
	struct event_exit exit;
};

/* Through a map's value the events' types come into the object's BTF. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, union event);
} scratch SEC(".maps");

static __always_inline void emit(void *ctx, union event *event)
{
	__u32 zero = 0;
	__u64 *lost;
	long failed;

	if (events_use_perf)
		failed = bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, event,
					       sizeof(*event));
	else
		failed = bpf_ringbuf_output(&events, event, sizeof(*event), 0);
	lost = failed ? bpf_map_lookup_elem(&events_lost, &zero) : NULL;
	if (lost)
		(*lost)++;
}

/* One event of the current process. */
static __always_inline void tell(void *ctx, enum event_type type, __u32 ppid)
{
	__u32 zero = 0;
	union event *event = bpf_map_lookup_elem(&scratch, &zero);

	if (!event)
		return;
	event->exec.header.event = type;
	event->exec.header.size = sizeof(*event);
	event->exec.header.time = bpf_ktime_get_ns();
	event->exec.who.pid = bpf_get_current_pid_tgid() >> 32;
	event->exec.who.ppid = ppid;
	event->exec.who.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(event->exec.who.comm, sizeof(event->exec.who.comm));
	emit(ctx, event);
}

#endif
