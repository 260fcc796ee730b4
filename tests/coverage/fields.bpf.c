// SPDX-License-Identifier: BSD-2-Clause
/*
 * Programs that ask for what some kernels have: `state` of task_struct became `__state` with 5.14.
 * VERSION 1 and 2 are two versions of one application; 3 has a program that needs the kernel's own
 * BTF, too, and one that stands in for it.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct task_struct {
	int pid;
} KERNEL_TYPE;

struct task_struct___before_5_14 {
	long state;
} KERNEL_TYPE;

struct task_struct___since_5_14 {
	unsigned int __state;
} KERNEL_TYPE;

struct task_struct___nowhere {
	int no_such_field;
} KERNEL_TYPE;

struct no_such_struct {
	int field;
} KERNEL_TYPE;

__u64 seen;

SEC("raw_tp/sched_process_fork")
int plain(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, pid);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int guarded(void *ctx)
{
	struct task_struct___before_5_14 *old = (void *)bpf_get_current_task();
	struct task_struct___since_5_14 *new = (void *)old;

	if (bpf_core_field_exists(old->state))
		seen += BPF_CORE_READ(old, state);
	else
		seen += BPF_CORE_READ(new, __state);
	if (bpf_core_type_exists(struct no_such_struct))
		seen += bpf_core_type_size(struct no_such_struct);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int unguarded(void *ctx)
{
#if VERSION == 1
	struct task_struct___before_5_14 *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, state);
#else
	struct task_struct___since_5_14 *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, __state);
#endif
	return 0;
}

SEC("raw_tp/sched_switch")
int optional_one(void *ctx)
{
	struct task_struct___nowhere *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}

SEC("raw_tp/sched_wakeup")
int replaced(void *ctx)
{
	struct task_struct___nowhere *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, no_such_field);
	return 0;
}

SEC("raw_tp/sched_wakeup")
int stand_in(void *ctx)
{
	seen++;
	return 0;
}

#if VERSION == 3
SEC("fentry/do_exit")
int by_kernel_btf(void *ctx)
{
	seen++;
	return 0;
}

SEC("kprobe/do_exit")
int without_kernel_btf(void *ctx)
{
	struct task_struct___before_5_14 *task = (void *)bpf_get_current_task();

	seen += BPF_CORE_READ(task, state);
	return 0;
}
#endif

char LICENSE[] SEC("license") = "Dual BSD/GPL";
