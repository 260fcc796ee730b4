/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What differs from kernel to kernel, found out when the object is loaded.  proctrace_no_core.h
 * gives the same for the one kernel whose headers are there.
 */
#ifndef BPF_PROCTRACE_CORE_H
#define BPF_PROCTRACE_CORE_H

#include "kernel_types.h"

/* Macros in the kernel, so not in vmlinux.h. */
#define SIGNAL_GROUP_EXIT 0x4
#define PF_FORKNOEXEC 0x40
#define FMODE_WRITE 0x2
#define FMODE_CREATED 0x100000
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_ISUID 04000
#define EEXIST 17
/* include/uapi/linux/magic.h */
#define PROC_SUPER_MAGIC 0x9fa0
#define SYSFS_MAGIC 0x62656572
#define CGROUP_SUPER_MAGIC 0x27e0eb
#define BINFMTFS_MAGIC 0x42494e4d
/* include/uapi/linux/net.h */
#define SYS_BIND 2
#define SYS_CONNECT 3
#define SYS_ACCEPT 5
#define SYS_ACCEPT4 18

/* What a kernel can be without; here it is asked for with bpf_core_field_exists() and the like. */
#define MAY_HAVE_CGROUPS 1
#define MAY_HAVE_PIDS_CGROUP 1
#define MAY_HAVE_IPV6 1

/* include/linux/sched.h: start_boottime was called real_start_time before 5.5. */
struct task_struct___before_5_5 {
	u64 real_start_time;
} __attribute__((preserve_access_index));

/* include/linux/fs.h: i_mtime until 6.6, then __i_mtime, and since 6.11 in two parts. */
struct inode___6_7 {
	struct timespec64 __i_mtime;
} __attribute__((preserve_access_index));

struct inode___6_11 {
	s64 i_mtime_sec;
	u32 i_mtime_nsec;
} __attribute__((preserve_access_index));

static __always_inline u64 start_boottime(struct task_struct *task)
{
	struct task_struct___before_5_5 *old = (void *)task;

	if (bpf_core_field_exists(task->start_boottime))
		return BPF_CORE_READ(task, start_boottime);
	return BPF_CORE_READ(old, real_start_time);
}

static __always_inline u64 modification_time(struct inode *inode)
{
	struct inode___6_7 *since_6_7 = (void *)inode;
	struct inode___6_11 *since_6_11 = (void *)inode;

	if (bpf_core_field_exists(since_6_11->i_mtime_sec))
		return BPF_CORE_READ(since_6_11, i_mtime_sec) * 1000000000ull +
		       BPF_CORE_READ(since_6_11, i_mtime_nsec);
	if (bpf_core_field_exists(since_6_7->__i_mtime))
		return BPF_CORE_READ(since_6_7, __i_mtime.tv_sec) * 1000000000ull +
		       BPF_CORE_READ_BITFIELD_PROBED(since_6_7, __i_mtime.tv_nsec);
	return BPF_CORE_READ(inode, i_mtime.tv_sec) * 1000000000ull +
	       BPF_CORE_READ_BITFIELD_PROBED(inode, i_mtime.tv_nsec);
}

#endif
