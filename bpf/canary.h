/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the canary reads about the thread that runs it.  `read` went through CO-RE relocations and
 * is in question; `helper` comes from the kernel's own code and is true.
 */
#ifndef BPF_CANARY_H
#define BPF_CANARY_H

enum {
	CANARY_COMM_SIZE = 16,
	CANARY_NAME_SIZE = 65, /* of struct new_utsname's members */
};

struct canary_values {
	__u32 ran;               /* the program came to its end */
	__u32 has_cgroups;       /* this kernel's BTF has cgroups */
	struct {
		__u32 pid, tgid, leader_tgid, parent_tgid, uid, gid;
		__u32 pid_nr, pid_level; /* number in, and depth below, the initial pid namespace */
		__u64 start_boottime;
		__u64 arg_start, arg_end;
		__u64 cgroup_id;
		char comm[CANARY_COMM_SIZE];
		char nodename[CANARY_NAME_SIZE];
		char release[CANARY_NAME_SIZE];
	} read;
	/* Where BPF has it; i386, to which a __u64 may lie at any 4 bytes, would have it nearer. */
	struct {
		__u64 pid_tgid, uid_gid, cgroup_id;
		char comm[CANARY_COMM_SIZE];
	} __attribute__((aligned(8))) helper;
};

_Static_assert(__builtin_offsetof(struct canary_values, helper) == 224 &&
	       sizeof(struct canary_values) == 264, "user space and BPF must agree");

#endif
