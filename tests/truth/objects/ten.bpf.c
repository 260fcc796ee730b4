// SPDX-License-Identifier: BSD-2-Clause
/* Ten programs as a tracer has them, none on a kprobe: what tests/bench/check.sh measures. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u32);
	__type(value, u64);
} started SEC(".maps");

struct record {
	u64 time;
	u32 pid, parent, uid, kind;
	char comm[16];
};

static __always_inline int record(u32 kind)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct record *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	u64 time;
	u32 pid;

	if (!record)
		return 0;
	record->time = bpf_ktime_get_ns();
	record->pid = bpf_get_current_pid_tgid() >> 32;
	record->uid = bpf_get_current_uid_gid();
	record->parent = BPF_CORE_READ(task, real_parent, tgid);
	record->kind = kind;
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	time = record->time;
	pid = record->pid;
	bpf_ringbuf_submit(record, 0);
	bpf_map_update_elem(&started, &pid, &time, BPF_ANY);
	return 0;
}

#define RECORD(section, name, kind) SEC(section) int name(void *ctx) { return record(kind); }

RECORD("raw_tp/sched_process_exec", on_exec, 0)
RECORD("raw_tp/sched_process_fork", on_fork, 1)
RECORD("raw_tp/sched_process_exit", on_exit, 2)
RECORD("raw_tp/signal_generate", on_signal, 3)
RECORD("raw_tp/cgroup_attach_task", on_cgroup, 4)
RECORD("tp_btf/task_rename", on_rename, 5)
RECORD("tp/syscalls/sys_enter_openat", on_openat, 6)
RECORD("tp/syscalls/sys_enter_connect", on_connect, 7)
RECORD("tp/syscalls/sys_enter_unlinkat", on_unlinkat, 8)
RECORD("tp/syscalls/sys_enter_ptrace", on_ptrace, 9)
