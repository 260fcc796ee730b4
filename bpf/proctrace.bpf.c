// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * proctrace: process execution, creation and exit, and outgoing connections.
 *
 * Raw tracepoints only, so that neither kprobes nor the kernel's own BTF are needed; kernel memory
 * is read through CO-RE only, so that one object serves 5.10 to 7.x on every architecture.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/proctrace.h"

/* kernel/signal.h; a macro, so not in vmlinux.h. */
#define SIGNAL_GROUP_EXIT 0x4

/* include/linux/sched.h: start_boottime was called real_start_time before 5.5. */
struct task_struct___before_5_5 {
	u64 real_start_time;
} __attribute__((preserve_access_index));

/* Set by the runtime where the kernel has no ring buffer: docs/objects.md. */
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

/* What was sent, and what found no room; the runtime makes it as long as there are CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct event_counts);
} events_counts SEC(".maps");

union event {
	struct event_header header;
	struct event_exec exec;
	struct event_fork fork;
	struct event_exit exit;
	struct event_connect connect;
};

/*
 * Events are larger than the stack.  One place for each type: a program can be interrupted by
 * another one, but not by itself.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_END);
	__type(key, u32);
	__type(value, union event);
} scratch SEC(".maps");

/* Processes whose end was told: two last threads can both see themselves as the last one. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u64);
} exited SEC(".maps");

/* Another loader may have left the map with one element, for all CPUs; so they add atomically. */
static __always_inline void count(bool lost)
{
	u32 zero = 0, cpu = bpf_get_smp_processor_id();
	struct event_counts *counts = bpf_map_lookup_elem(&events_counts, &cpu);

	if (!counts)
		counts = bpf_map_lookup_elem(&events_counts, &zero);
	if (counts)
		__sync_fetch_and_add(lost ? &counts->lost : &counts->sent, 1);
}

static __always_inline void emit(void *ctx, struct event_header *header, u64 size)
{
	long failed;

	header->size = size;
	if (events_use_perf)
		failed = bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, header, size);
	else
		failed = bpf_ringbuf_output(&events, header, size, 0);
	count(failed != 0);
}

static __always_inline u64 start_boottime(struct task_struct *task)
{
	struct task_struct___before_5_5 *old = (void *)task;

	if (bpf_core_field_exists(task->start_boottime))
		return BPF_CORE_READ(task, start_boottime);
	return BPF_CORE_READ(old, real_start_time);
}

/*
 * The cgroup whose name tells most: in the unified hierarchy, or, where that is not in use, the
 * pids controller's (cgroup v1, as hybrid systems have it).
 */
static __always_inline struct cgroup *telling_cgroup(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp);
	struct cgroup_subsys_state *css = NULL;
	u64 controller;

	if (BPF_CORE_READ(unified, level) > 0 ||
	    !bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		return unified;
	controller = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	/* An element is as large as the kernel's pointers, which 32-bit kernels have smaller than we. */
	bpf_probe_read_kernel(&css, sizeof(css),
			      __builtin_preserve_access_index((void *)&set->subsys[0]) +
			      controller * bpf_core_field_size(set->subsys[0]));
	return BPF_CORE_READ(css, cgroup);
}

static const u8 is_hex[256] = { ['0' ... '9'] = 1, ['a' ... 'f'] = 1 };

/*
 * A container's id is 64 hexadecimal digits wherever Docker, containerd, CRI-O or Podman put it:
 * "ID", "docker-ID.scope", "cri-containerd-ID.scope", "crio-ID.scope", "libpod-ID.scope".
 */
static __always_inline void find_container(struct process *process)
{
	u32 run = 0;
	int i;

	process->container[0] = 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < CGROUP_SIZE; i++) {
		u8 c = process->cgroup[i];

		if (c == 0)
			return;
		run = (run + 1) * is_hex[c];
		if (run == CONTAINER_ID_LENGTH) {
			bpf_probe_read_kernel(process->container, CONTAINER_ID_LENGTH,
					      process->cgroup + i + 1 - CONTAINER_ID_LENGTH);
			process->container[CONTAINER_ID_LENGTH] = 0;
			return;
		}
	}
}

static __always_inline void read_cgroup(struct process *process, struct task_struct *task)
{
	process->cgroup_id = 0;
	process->cgroup[0] = 0;
	process->container[0] = 0;
	/* Without CONFIG_CGROUPS there is no such helper either; the verifier never sees it then. */
	if (!bpf_core_field_exists(task->cgroups))
		return;
	process->cgroup_id = bpf_get_current_cgroup_id();
	bpf_probe_read_kernel_str(process->cgroup, sizeof(process->cgroup),
				  BPF_CORE_READ(telling_cgroup(task), kn, name));
	find_container(process);
}

/* task is the current one. */
static __always_inline void read_process(struct process *process, struct task_struct *task)
{
	process->pid = BPF_CORE_READ(task, tgid);
	process->tid = BPF_CORE_READ(task, pid);
	process->ppid = BPF_CORE_READ(task, real_parent, tgid);
	process->uid = BPF_CORE_READ(task, cred, uid.val);
	process->euid = BPF_CORE_READ(task, cred, euid.val);
	process->gid = BPF_CORE_READ(task, cred, gid.val);
	process->start_time = start_boottime(BPF_CORE_READ(task, group_leader));
	bpf_get_current_comm(process->comm, sizeof(process->comm));
	read_cgroup(process, task);
}

/* An event of this type with all that every event has, or NULL. */
static __always_inline union event *begin(enum event_type type, struct task_struct *task)
{
	u32 slot = type;
	union event *event = bpf_map_lookup_elem(&scratch, &slot);

	if (!event)
		return NULL;
	event->header.event = type;
	event->header.time = bpf_ktime_get_ns();
	/* Every event has its process at the same place. */
	read_process(&event->exec.process, task);
	return event;
}

/*
 * The argument list lies in the new program's own memory, which was just written: no page is
 * missing.
 */
static __always_inline u64 read_args(struct event_exec *event, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	/* As bit fields, since these are 4 bytes on a 32-bit kernel. */
	u64 start = BPF_CORE_READ_BITFIELD_PROBED(mm, arg_start);
	u64 size = BPF_CORE_READ_BITFIELD_PROBED(mm, arg_end) - start;

	event->args_cut = size > ARGS_SIZE;
	barrier_var(size); /* so that the register that is compared is the one that is used */
	if (size > ARGS_SIZE)
		size = ARGS_SIZE;
	if (bpf_probe_read_user(event->args, size, (void *)start)) {
		event->args_cut = true;
		size = 0;
	}
	event->args_size = size;
	return size;
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	union event *event = begin(EVENT_EXEC, task);

	if (!event)
		return 0;
	bpf_probe_read_kernel_str(event->exec.filename, sizeof(event->exec.filename),
				  BPF_CORE_READ(bprm, filename));
	emit(ctx, &event->header,
	     __builtin_offsetof(struct event_exec, args) + read_args(&event->exec, task));
	return 0;
}

SEC("raw_tp/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	union event *event = begin(EVENT_FORK, parent);

	if (!event)
		return 0;
	event->fork.child_pid = BPF_CORE_READ(child, tgid);
	event->fork.child_tid = BPF_CORE_READ(child, pid);
	emit(ctx, &event->header, sizeof(event->fork));
	return 0;
}

/* What wait(2) will say: the group's code when it was ended as a whole, else the leader's. */
static __always_inline int wait_status(struct task_struct *leader)
{
	if (BPF_CORE_READ(leader, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(leader, signal, group_exit_code);
	return BPF_CORE_READ(leader, exit_code);
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	u64 now = bpf_ktime_get_ns(), started = BPF_CORE_READ(leader, start_time);
	union event *event;
	u64 identity;
	int status;

	/* Counted down before the tracepoint is reached. */
	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	identity = (u64)BPF_CORE_READ(task, signal) ^ started;
	if (bpf_map_update_elem(&exited, &identity, &now, BPF_NOEXIST) == -17 /* EEXIST */)
		return 0;
	event = begin(EVENT_EXIT, task);
	if (!event)
		return 0;
	status = wait_status(leader);
	event->exit.exit_code = (status >> 8) & 0xff;
	event->exit.signal = status & 0x7f;
	event->exit.core_dumped = status & 0x80;
	event->exit.duration = now - started;
	emit(ctx, &event->header, sizeof(event->exit));
	return 0;
}

/* Reached in the process that connects: address and port are set, the source port not yet. */
SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(on_connect, struct sock *sk, int oldstate, int newstate)
{
	struct event_connect *connect;
	union event *event;
	u16 family;

	if (newstate != TCP_SYN_SENT)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	event = begin(EVENT_CONNECT, (void *)bpf_get_current_task());
	if (!event)
		return 0;
	connect = &event->connect;
	__builtin_memset(connect->address, 0, sizeof(connect->address));
	if (family == AF_INET)
		bpf_core_read(connect->address, sizeof(u32), &sk->__sk_common.skc_daddr);
	else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) /* CONFIG_IPV6 */
		bpf_core_read(connect->address, sizeof(connect->address),
			      &sk->__sk_common.skc_v6_daddr);
	connect->family = family;
	/* A bit field before 5.6. */
	connect->protocol = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_protocol);
	connect->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	emit(ctx, &event->header, sizeof(*connect));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
