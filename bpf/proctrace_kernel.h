/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How proctrace reads the kernel: credentials, namespaces, files.  What is not the same in all of
 * 5.10 to 7.x is in proctrace_core.h, and for one kernel alone in proctrace_no_core.h.
 */
#ifndef BPF_PROCTRACE_KERNEL_H
#define BPF_PROCTRACE_KERNEL_H

#ifdef NO_CORE
#include "proctrace_no_core.h"
#else
#include "proctrace_core.h"
#endif

#include "proctrace.h"

/*
 * A 32-bit kernel's pointers are smaller than ours: where one is read as ours, what lies behind it
 * comes along.  Helpers look at the lower half only; whoever compares must do so, too.
 */
static __always_inline u64 address_of(const void *pointer)
{
	struct task_struct *any = NULL;

	return bpf_core_field_size(any->mm) == 4 ? (u32)(u64)pointer : (u64)pointer;
}

static __always_inline void read_credentials(struct credentials *out, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	out->uid = BPF_CORE_READ(cred, uid.val);
	out->euid = BPF_CORE_READ(cred, euid.val);
	out->suid = BPF_CORE_READ(cred, suid.val);
	out->gid = BPF_CORE_READ(cred, gid.val);
	out->egid = BPF_CORE_READ(cred, egid.val);
	out->sgid = BPF_CORE_READ(cred, sgid.val);
	/* An array of two numbers before 6.3, of the same size. */
	bpf_core_read(&out->effective, sizeof(out->effective), &cred->cap_effective);
}

/* The pid namespace that a task is in; nsproxy's is the one of its children. */
static __always_inline u32 pid_namespace(struct task_struct *task, u32 *level)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid *number = __builtin_preserve_access_index(&pid->numbers[0]);

	*level = BPF_CORE_READ(pid, level);
	number = (void *)number + *level * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(number, ns, ns.inum);
}

static __always_inline void identify_file(struct file_id *out, struct inode *inode)
{
	/* A long: 4 bytes on a 32-bit kernel. */
	out->inode = BPF_CORE_READ_BITFIELD_PROBED(inode, i_ino);
	out->device = BPF_CORE_READ(inode, i_sb, s_dev);
	out->padding = 0;
}

/* The current task's open file of this number, or NULL. */
static __always_inline struct file *file_of_fd(struct task_struct *task, s32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;
	struct file **files;
	u32 size;

	if (fd < 0 || (u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	files = BPF_CORE_READ(table, fd);
	size = bpf_core_field_size(table->fd);
	bpf_probe_read_kernel(&file, size == 4 ? 4 : sizeof(file), (void *)files + (u64)(u32)fd * size);
	return file;
}

static __always_inline u32 file_mode(struct file *file)
{
	return BPF_CORE_READ(file, f_inode, i_mode);
}

/* The socket behind a file, or NULL when it is none. */
static __always_inline struct sock *sock_of_file(struct file *file)
{
	struct socket *socket;

	if (!address_of(file) || (file_mode(file) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

#if MAY_HAVE_CGROUPS
/*
 * The cgroup whose name tells most: in the unified hierarchy, or, where that is not in use, the
 * pids controller's (cgroup v1, as hybrid systems have it).
 */
static __always_inline struct cgroup *telling_cgroup(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp);
#if MAY_HAVE_PIDS_CGROUP
	struct cgroup_subsys_state *css = NULL;
	u64 controller;

	if (BPF_CORE_READ(unified, level) > 0 ||
	    !bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		return unified;
	controller = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	/* An element is as large as the kernel's pointers. */
	bpf_probe_read_kernel(&css, sizeof(css),
			      __builtin_preserve_access_index((void *)&set->subsys[0]) +
			      controller * bpf_core_field_size(set->subsys[0]));
	return BPF_CORE_READ(css, cgroup);
#else
	return unified;
#endif
}
#endif

#endif
