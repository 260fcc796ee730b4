/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What differs from kernel to kernel, as the headers of the one have it that this is compiled for:
 * proctrace_core.h without BTF.  Every choice by LINUX_VERSION_CODE is here or in
 * proctrace_private.h.
 */
#ifndef BPF_PROCTRACE_NO_CORE_H
#define BPF_PROCTRACE_NO_CORE_H

#include <linux/binfmts.h>
#include <linux/cgroup-defs.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernfs.h>
#include <linux/magic.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/net.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/af_unix.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <uapi/linux/mount.h>

#include "kernel_types.h"

#include "proctrace_private.h"

#define MAY_HAVE_CGROUPS IS_ENABLED(CONFIG_CGROUPS)
#define MAY_HAVE_PIDS_CGROUP IS_ENABLED(CONFIG_CGROUP_PIDS)
#define MAY_HAVE_IPV6 IS_ENABLED(CONFIG_IPV6)

/* Names of enumerators in proctrace.h, which the output shows. */
#undef AF_UNIX
#undef AF_INET
#undef AF_INET6
#undef PTRACE_TRACEME
#undef PTRACE_POKETEXT
#undef PTRACE_POKEDATA
#undef PTRACE_POKEUSR
#undef PTRACE_SETREGS
#undef PTRACE_SETFPREGS
#undef PTRACE_ATTACH
#undef PTRACE_SETREGSET
#undef PTRACE_SEIZE

static __always_inline u64 start_boottime(struct task_struct *task)
{
	return BPF_CORE_READ(task, start_boottime);
}

static __always_inline u64 modification_time(struct inode *inode)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	return BPF_CORE_READ(inode, i_mtime_sec) * 1000000000ull + BPF_CORE_READ(inode, i_mtime_nsec);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return BPF_CORE_READ(inode, __i_mtime.tv_sec) * 1000000000ull +
	       BPF_CORE_READ(inode, __i_mtime.tv_nsec);
#else
	return BPF_CORE_READ(inode, i_mtime.tv_sec) * 1000000000ull +
	       BPF_CORE_READ(inode, i_mtime.tv_nsec);
#endif
}

#endif
