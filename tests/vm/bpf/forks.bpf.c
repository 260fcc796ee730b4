// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * An application that prefers the kernel's own BTF and does without it: forks come from an fentry,
 * elsewhere from a raw tracepoint, and execs are told only where tp_btf can be had.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum event_type {
	EVENT_NONE,
	EVENT_FORK,
	EVENT_EXEC,
};

#include "bpf/event.h"

enum source {
	SOURCE_FENTRY,
	SOURCE_RAW_TP,
	SOURCE_TP_BTF,
};

struct event_fork {
	struct event_header header FORMAT("inline");
	enum source source;
	__u32 pid;
	__u32 child_pid;
	char comm[16];
};

struct event_exec {
	struct event_header header FORMAT("inline");
	enum source source;
	__u32 pid;
	char comm[16];
};

/* So that their types are in the object: they are built on the stack. */
struct event_fork *fork_type;
struct event_exec *exec_type;

const volatile bool events_use_perf = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events_perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} events_lost SEC(".maps");

static __always_inline void emit(void *ctx, struct event_header *header, enum event_type type,
				 u32 size)
{
	u32 zero = 0;
	u64 *lost;
	long failed;

	header->event = type;
	header->size = size;
	header->time = bpf_ktime_get_ns();
	if (events_use_perf)
		failed = bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, header, size);
	else
		failed = bpf_ringbuf_output(&events, header, size, 0);
	lost = failed ? bpf_map_lookup_elem(&events_lost, &zero) : NULL;
	if (lost)
		(*lost)++;
}

static __always_inline void tell_fork(void *ctx, struct task_struct *child, enum source source)
{
	struct event_fork event = { .source = source };

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.child_pid = BPF_CORE_READ(child, tgid);
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	emit(ctx, &event.header, EVENT_FORK, sizeof(event));
}

SEC("fentry/wake_up_new_task")
int BPF_PROG(fork_fentry, struct task_struct *child)
{
	tell_fork(ctx, child, SOURCE_FENTRY);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int BPF_PROG(fork_raw_tp, struct task_struct *parent, struct task_struct *child)
{
	tell_fork(ctx, child, SOURCE_RAW_TP);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec_tp_btf, struct task_struct *task)
{
	struct event_exec event = { .source = SOURCE_TP_BTF };

	event.pid = task->tgid;
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	emit(ctx, &event.header, EVENT_EXEC, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
