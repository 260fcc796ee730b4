// SPDX-License-Identifier: BSD-2-Clause
/*
 * Compiles where the types that proctrace_private.h declares are laid out as those of vmlinux.h, in
 * which they have been renamed: `struct mount` to `struct kernels_mount`.
 */
#include "vmlinux.h"

#define KERNEL_VERSION(a, b, c) ((a) * 65536 + (b) * 256 + (c))
#include "bpf/proctrace_private.h"

#define SAME_PLACE(type, member)                                                             \
	_Static_assert(__builtin_offsetof(struct type, member) ==                            \
		       __builtin_offsetof(struct kernels_##type, member), #type "." #member)

SAME_PLACE(mount, mnt_parent);
SAME_PLACE(mount, mnt_mountpoint);
SAME_PLACE(mount, mnt);
SAME_PLACE(mnt_namespace, ns);
SAME_PLACE(proc_inode, pid);
SAME_PLACE(proc_inode, vfs_inode);
