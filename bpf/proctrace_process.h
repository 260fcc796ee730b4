/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Who did it: what the kernel says of the current thread, and what was known of it before. */
#ifndef BPF_PROCTRACE_PROCESS_H
#define BPF_PROCTRACE_PROCESS_H

#include "proctrace_filter.h"

/* Of a thread, as it was at its latest event. */
struct thread_state {
	u64 start_time;          /* tells it from an earlier one of the same number */
	struct credentials credentials;
	char exe[EXE_SIZE];      /* the kernel has none any more when a process ends */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u32);        /* thread */
	__type(value, struct thread_state);
} states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_SLOTS);
	__type(key, u32);
	__type(value, struct thread_state);
} state_rooms SEC(".maps");

static const u8 is_hex[256] = { ['0' ... '9'] = 1, ['a' ... 'f'] = 1 };

/*
 * A container's id is 64 hexadecimal digits wherever Docker, containerd, CRI-O or Podman put it:
 * "ID", "docker-ID.scope", "cri-containerd-ID.scope", "crio-ID.scope", "libpod-ID.scope".
 */
static __always_inline data_loc find_container(struct record *record, data_loc cgroup)
{
	const u8 *name = record->bytes + (cgroup & (RECORD_SIZE - 1));
	u32 run = 0, size = cgroup >> 16;
	u32 i;

	if (size < CONTAINER_ID_LENGTH)
		return 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < CGROUP_SIZE; i++) {
		if (i >= size)
			return 0;
		run = (run + 1) * is_hex[name[i]];
		if (run == CONTAINER_ID_LENGTH)
			return CONTAINER_ID_LENGTH << 16 | ((cgroup & 0xffff) + i + 1 - CONTAINER_ID_LENGTH);
	}
	return 0;
}

static __always_inline void read_cgroup(struct record *record, struct process *process,
					struct task_struct *task)
{
	process->cgroup_id = 0;
	process->cgroup = 0;
	process->container = 0;
#if MAY_HAVE_CGROUPS
	/* Without CONFIG_CGROUPS there is no such helper either; the verifier never sees it then. */
	if (!bpf_core_field_exists(task->cgroups))
		return;
	process->cgroup_id = bpf_get_current_cgroup_id();
	process->cgroup = ADD_STRING(record, CGROUP_SIZE, BPF_CORE_READ(telling_cgroup(task), kn, name));
	process->container = find_container(record, process->cgroup);
#endif
}

static __always_inline void read_namespaces(struct record *record, struct process *process,
					    struct task_struct *task)
{
	u32 level;

	process->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	process->net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	process->pid_ns = pid_namespace(task, &level);
	record->contained = level > 0 || process->container;
}

/* An empty record of this type; size is that of its struct. */
static __always_inline struct record *reserve(enum event_type type, u32 size)
{
	u32 slot = type;
	struct record *record = bpf_map_lookup_elem(&records, &slot);

	if (!record)
		return NULL;
	record->header.event = type;
	record->header.time = bpf_ktime_get_ns();
	record->end = size;
	return record;
}

/* Keeps what is known of the current thread; exe lies in the record. */
static __always_inline void remember(struct record *record, struct task_struct *task,
				     const struct credentials *credentials)
{
	struct process *process = &record->exec.process;
	u32 slot = record->header.event & (EVENT_SLOTS - 1), size = process->exe >> 16;
	struct thread_state *state = bpf_map_lookup_elem(&state_rooms, &slot);

	if (!state)
		return;
	state->start_time = start_boottime(task);
	state->credentials = *credentials;
	if (size > EXE_SIZE - 1)
		size = EXE_SIZE - 1;
	bpf_probe_read_kernel(state->exe, size, record->bytes + (process->exe & (RECORD_SIZE - 1)));
	state->exe[size & (EXE_SIZE - 1)] = 0;
	bpf_map_update_elem(&states, &process->tid, state, BPF_ANY);
}

/* Fills the process of a record: the current one. */
__noinline int read_process(u32 type)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct record *record = record_of(type);
	struct thread_state *state;
	struct process *process;
	struct credentials now;

	if (!record)
		return 0;
	process = &record->exec.process;
	process->tid = BPF_CORE_READ(task, pid);
	process->pid = BPF_CORE_READ(task, tgid);
	process->ppid = BPF_CORE_READ(task, real_parent, tgid);
	process->start_time = start_boottime(BPF_CORE_READ(task, group_leader));
	bpf_get_current_comm(process->comm, sizeof(process->comm));
	read_credentials(&now, task);
	process->uid = now.uid;
	process->euid = now.euid;
	process->gid = now.gid;
	state = bpf_map_lookup_elem(&states, &process->tid);
	if (state && state->start_time != start_boottime(task))
		state = NULL;
	record->before = state ? state->credentials : now;
	if (state && type != EVENT_EXEC) {
		process->exe = ADD_STRING(record, EXE_SIZE, state->exe);
		state->credentials = now;
	} else {
		process->exe = 0;
		if (address_of(BPF_CORE_READ(task, mm, exe_file)))
			process->exe = add_file_path(type, BPF_CORE_READ(task, mm, exe_file));
		remember(record, task, &now);
	}
	read_cgroup(record, process, task);
	read_namespaces(record, process, task);
	return 0;
}

/* A new thread starts with what its parent was. */
static __always_inline void inherit(struct record *record, struct task_struct *child)
{
	struct thread_state *state = bpf_map_lookup_elem(&states, &record->exec.process.tid);
	u32 tid = BPF_CORE_READ(child, pid);

	if (!state || bpf_map_update_elem(&states, &tid, state, BPF_ANY))
		return;
	state = bpf_map_lookup_elem(&states, &tid);
	if (state)
		state->start_time = start_boottime(child);
}

#endif
