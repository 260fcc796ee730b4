/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Types that only some of the kernel's own .c files know, so that no package of headers has them:
 * their beginning, as far as proctrace reads it.  tests/no_core.bats compares with kernels' BTF.
 * Include after the kernel's types.
 */
#ifndef BPF_PROCTRACE_PRIVATE_H
#define BPF_PROCTRACE_PRIVATE_H

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "proctrace: for kernels before 5.10 it is not known how these types are laid out"
#endif

/* fs/mount.h */
struct mount {
	struct hlist_node mnt_hash;
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

/* The same; ns counts since 5.11. */
struct mnt_namespace {
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
	atomic_t count;
#endif
	struct ns_common ns;
};

/* fs/proc/internal.h */
struct proc_inode {
	struct pid *pid;
	unsigned int fd;
	void *op, *pde, *sysctl, *sysctl_entry;
	struct hlist_node sibling_inodes;
	const void *ns_ops;
	struct inode vfs_inode;
};

#endif
