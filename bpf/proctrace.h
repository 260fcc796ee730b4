/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The events of proctrace.  Include after vmlinux.h. */
#ifndef BPF_PROCTRACE_H
#define BPF_PROCTRACE_H

enum event_type {
	EVENT_EXEC = 1,
	EVENT_FORK,
	EVENT_EXIT,
	EVENT_CONNECT,
	EVENT_END,
};

#include "bpf/event.h"

enum {
	COMM_SIZE = 16,
	CGROUP_SIZE = 128,
	CONTAINER_ID_LENGTH = 64,
	FILENAME_SIZE = 512,
	ARGS_SIZE = 4096,
};

/* Who did it.  Numbers are those of the initial namespaces. */
struct process {
	__u32 pid;                           /* what users call so: the thread group */
	__u32 tid;
	__u32 ppid;
	__u32 uid, euid, gid;
	__u64 start_time FORMAT("boottime"); /* of the process */
	char comm[COMM_SIZE];
	__u64 cgroup_id;                     /* in the unified hierarchy */
	char cgroup[CGROUP_SIZE];            /* last part of its path */
	char container[CONTAINER_ID_LENGTH + 1] OMIT_EMPTY;
};

struct event_exec {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	char filename[FILENAME_SIZE];
	bool args_cut OMIT_EMPTY;            /* args lacks the end, or all when it could not be read */
	__u32 args_size FORMAT("hidden");
	char args[ARGS_SIZE] FORMAT("list:args_size");
};

struct event_fork {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	__u32 child_pid;                     /* as the parent's for a new thread */
	__u32 child_tid;
};

/* The end of a process, when its last thread is gone. */
struct event_exit {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	__u32 exit_code;
	__u32 signal;                        /* that killed it, 0 for none */
	bool core_dumped OMIT_EMPTY;
	__u64 duration FORMAT("duration");   /* since it started */
};

enum address_family {
	AF_INET = 2,
	AF_INET6 = 10,
};

/* An outgoing connection, at the time when it is tried. */
struct event_connect {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	enum address_family family;
	__u32 protocol;                      /* IPPROTO_TCP ... */
	__u8 address[16] FORMAT("address:family");
	__u16 port;
};

#endif
