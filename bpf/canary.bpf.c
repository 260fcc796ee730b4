// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The canary: a BTF of another kernel makes a program read wrong offsets without a word.  This one
 * reads, with the same BTF, what can be known in other ways too; loader/canary.c compares.
 *
 * It reads nothing that depends on the architecture: it looks at the thread that calls it only.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/canary.h"

/* include/linux/sched.h: start_boottime was called real_start_time before 5.5. */
struct task_struct___before_5_5 {
	u64 real_start_time;
} __attribute__((preserve_access_index));

/*
 * Kernels before 5.10 run it on every system call of the host: then this is the thread that asks.
 */
const volatile u64 only_pid_tgid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct canary_values);
} canary_values SEC(".maps");

static __always_inline void ask_helpers(struct canary_values *values)
{
	values->helper.pid_tgid = bpf_get_current_pid_tgid();
	values->helper.uid_gid = bpf_get_current_uid_gid();
	bpf_get_current_comm(values->helper.comm, sizeof(values->helper.comm));
}

static __always_inline void read_task(struct canary_values *values, struct task_struct *task)
{
	struct task_struct___before_5_5 *old = (void *)task;

	values->read.pid = BPF_CORE_READ(task, pid);
	values->read.tgid = BPF_CORE_READ(task, tgid);
	values->read.leader_tgid = BPF_CORE_READ(task, group_leader, tgid);
	values->read.parent_tgid = BPF_CORE_READ(task, real_parent, tgid);
	values->read.uid = BPF_CORE_READ(task, cred, uid.val);
	values->read.gid = BPF_CORE_READ(task, cred, gid.val);
	if (bpf_core_field_exists(task->start_boottime))
		values->read.start_boottime = BPF_CORE_READ(task, start_boottime);
	else
		values->read.start_boottime = BPF_CORE_READ(old, real_start_time);
	BPF_CORE_READ_STR_INTO(&values->read.comm, task, comm);
}

static __always_inline void read_around_task(struct canary_values *values, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	values->read.pid_nr = BPF_CORE_READ(task, thread_pid, numbers[0].nr);
	values->read.pid_level = BPF_CORE_READ(task, thread_pid, level);
	/* As bit fields, since these are 4 bytes on a 32-bit kernel. */
	values->read.arg_start = BPF_CORE_READ_BITFIELD_PROBED(mm, arg_start);
	values->read.arg_end = BPF_CORE_READ_BITFIELD_PROBED(mm, arg_end);
	BPF_CORE_READ_STR_INTO(&values->read.nodename, task, nsproxy, uts_ns, name.nodename);
	BPF_CORE_READ_STR_INTO(&values->read.release, task, nsproxy, uts_ns, name.release);
	/* Without CONFIG_CGROUPS there is no such helper either; the verifier never sees it then. */
	values->has_cgroups = bpf_core_field_exists(task->cgroups);
	if (bpf_core_field_exists(task->cgroups)) {
		values->helper.cgroup_id = bpf_get_current_cgroup_id();
		values->read.cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	}
}

SEC("raw_tp/sys_enter")
int canary(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct canary_values *values;
	u32 zero = 0;

	if (only_pid_tgid && bpf_get_current_pid_tgid() != only_pid_tgid)
		return 0;
	values = bpf_map_lookup_elem(&canary_values, &zero);
	if (!values)
		return 0;
	ask_helpers(values);
	read_task(values, task);
	read_around_task(values, task);
	values->ran = 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
