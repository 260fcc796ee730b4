/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The events of proctrace.  Include after kernel_types.h. */
#ifndef BPF_PROCTRACE_H
#define BPF_PROCTRACE_H

enum event_type {
	EVENT_EXEC = 1,
	EVENT_FORK,
	EVENT_EXIT,
	EVENT_OPEN,
	EVENT_CONNECT,
	EVENT_ACCEPT,
	EVENT_BIND,
	EVENT_PTRACE,
	EVENT_MEMORY_WRITE,
	EVENT_MEMFD,
	EVENT_MODULE,
	EVENT_BPF,
	EVENT_MOUNT,
	EVENT_CREDENTIALS,
	EVENT_SIGNAL,
	EVENT_ALERT,
};

#include "event.h"

/* Longer strings are cut: docs/proctrace.md. */
enum {
	COMM_SIZE = 16,
	CGROUP_SIZE = 128,
	CONTAINER_ID_LENGTH = 64,
	FILENAME_SIZE = 4096,
	PATH_SIZE = 1024,
	EXE_SIZE = 512,
	ARGS_SIZE = 4096,
	CHAIN_LENGTH = 8,
};

#define STRING FORMAT("data_loc")
#define STRING_LIST FORMAT("data_loc_list")

/* Who did it, and where.  Numbers are those of the initial namespaces. */
struct process {
	__u32 pid;                           /* what users call so: the thread group */
	__u32 tid;
	__u32 ppid;
	__u32 uid, euid, gid;
	__u64 start_time FORMAT("boottime"); /* of the process */
	char comm[COMM_SIZE];
	data_loc exe STRING OMIT_EMPTY;      /* the executable's path */
	__u32 mnt_ns, pid_ns, net_ns;        /* inode numbers, as in /proc/PID/ns */
	__u64 cgroup_id;                     /* in the unified hierarchy */
	data_loc cgroup STRING;              /* last part of its path */
	data_loc container STRING OMIT_EMPTY;
};

/* A file as the kernel knows it. */
struct file_id {
	__u64 inode;
	__u32 device FORMAT("hex");          /* major << 20 | minor */
	__u32 padding FORMAT("hidden");
};

struct event_exec {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	data_loc filename STRING;            /* as it was asked for */
	data_loc interpreter STRING OMIT_EMPTY; /* of a script */
	data_loc cwd STRING OMIT_EMPTY;
	struct file_id file FORMAT("inline");
	__u64 mtime FORMAT("realtime");
	bool deleted OMIT_EMPTY;             /* no name is left of the file, or it never had one */
	bool args_cut OMIT_EMPTY;            /* args lacks the end, or all when it could not be read */
	bool env_cut OMIT_EMPTY;
	data_loc args STRING_LIST;
	data_loc env STRING_LIST OMIT_EMPTY; /* with --set env=true */
};

/* include/uapi/linux/sched.h: CLONE_NEWTIME ..., which are macros there. */
enum clone_flag {
	CLONE_FLAG_NEWTIME = 0x80,
	CLONE_FLAG_VM = 0x100,
	CLONE_FLAG_FS = 0x200,
	CLONE_FLAG_FILES = 0x400,
	CLONE_FLAG_SIGHAND = 0x800,
	CLONE_FLAG_PIDFD = 0x1000,
	CLONE_FLAG_PTRACE = 0x2000,
	CLONE_FLAG_VFORK = 0x4000,
	CLONE_FLAG_PARENT = 0x8000,
	CLONE_FLAG_THREAD = 0x10000,
	CLONE_FLAG_NEWNS = 0x20000,
	CLONE_FLAG_SYSVSEM = 0x40000,
	CLONE_FLAG_SETTLS = 0x80000,
	CLONE_FLAG_PARENT_SETTID = 0x100000,
	CLONE_FLAG_CHILD_CLEARTID = 0x200000,
	CLONE_FLAG_DETACHED = 0x400000,
	CLONE_FLAG_UNTRACED = 0x800000,
	CLONE_FLAG_CHILD_SETTID = 0x1000000,
	CLONE_FLAG_NEWCGROUP = 0x2000000,
	CLONE_FLAG_NEWUTS = 0x4000000,
	CLONE_FLAG_NEWIPC = 0x8000000,
	CLONE_FLAG_NEWUSER = 0x10000000,
	CLONE_FLAG_NEWPID = 0x20000000,
	CLONE_FLAG_NEWNET = 0x40000000,
	CLONE_FLAG_IO = 0x80000000,
};

struct event_fork {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	__u32 child_pid;                     /* as the parent's for a new thread */
	__u32 child_tid;
	enum clone_flag flags FORMAT("flags:clone_flag");
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

/* A watched file was opened for writing. */
struct event_open {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	data_loc path STRING;
	bool created OMIT_EMPTY;             /* by this open */
	__u8 padding[3] FORMAT("hidden");
	struct file_id file FORMAT("inline");
};

enum address_family {
	AF_UNIX = 1,
	AF_INET = 2,
	AF_INET6 = 10,
};

struct endpoint {
	enum address_family family;
	__u32 protocol;                      /* IPPROTO_TCP ... */
	__u8 address[16] FORMAT("address:family") OMIT_EMPTY;
	__u16 port OMIT_EMPTY;
	__u16 padding FORMAT("hidden");
	data_loc path STRING OMIT_EMPTY;     /* AF_UNIX; "@..." in the abstract namespace */
};

/* An outgoing connection: TCP's when it is tried, others' when they are made. */
struct event_connect {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	struct endpoint remote FORMAT("inline");
};

/* A connection that came in; remote is who made it. */
struct event_accept {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	struct endpoint remote FORMAT("inline");
	__u16 local_port OMIT_EMPTY;
};

struct event_bind {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	struct endpoint local FORMAT("inline");
};

/* include/uapi/linux/ptrace.h and each architecture's */
enum ptrace_request {
	PTRACE_TRACEME = 0,
	PTRACE_POKETEXT = 4,
	PTRACE_POKEDATA = 5,
	PTRACE_POKEUSR = 6,
	PTRACE_SETREGS = 13,
	PTRACE_SETFPREGS = 15,
	PTRACE_ATTACH = 16,
	PTRACE_SETREGSET = 0x4205,
	PTRACE_SEIZE = 0x4206,
};

/* Another process is attached to, or changed; what only reads is no event. */
struct event_ptrace {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	enum ptrace_request request;
	__u32 target_pid;                    /* 0: its parent, who traces it from now on */
	__s32 result;                        /* 0, or an errno below zero */
};

/* process_vm_writev(2) */
struct event_memory_write {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	__u32 target_pid;
	__s32 result;                        /* bytes, or an errno below zero */
};

struct event_memfd {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	data_loc name STRING;                /* "memfd:..." */
	__u32 fd;
};

/* A module was loaded into the kernel. */
struct event_module {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	data_loc name STRING;
};

/* include/uapi/linux/bpf.h has them as `enum bpf_cmd`. */
struct event_bpf {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	enum bpf_cmd command FORMAT("lower");
	__s32 result;
	char name[16] OMIT_EMPTY;            /* of the program or map that was made */
	enum bpf_prog_type program_type FORMAT("lower") OMIT_EMPTY;
};

struct event_mount {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	data_loc source STRING OMIT_EMPTY;
	data_loc target STRING OMIT_EMPTY;
	data_loc type STRING OMIT_EMPTY;
	__u64 flags FORMAT("hex");
	__s32 result;
};

struct credentials {
	__u32 uid, euid, suid;
	__u32 gid, egid, sgid;
	__u64 effective FORMAT("hex");       /* capabilities */
};

/* By set*id(2), capset(2) or an execution. */
struct event_credentials {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	struct credentials before;
	struct credentials after;
};

/* A process sends a signal to one of another user. */
struct event_signal {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	__u32 signal_sent;
	__u32 target_pid;
	__u32 target_uid;
	char target_comm[COMM_SIZE];
};

/* docs/proctrace.md says of each what it means, and what comes close and is none. */
enum signature {
	SIGNATURE_FILELESS_EXECUTION = 1,
	SIGNATURE_SHELL_ON_SOCKET,
	SIGNATURE_DROPPED_EXECUTABLE,
	SIGNATURE_PRELOAD_FROM_WRITABLE,
	SIGNATURE_ANTI_DEBUGGING,
	SIGNATURE_CODE_INJECTION,
	SIGNATURE_MODULE_LOAD,
	SIGNATURE_PRIVILEGE_GAINED,
	SIGNATURE_CONTAINER_ESCAPE,
	SIGNATURE_LINKER_TAMPERING,
	SIGNATURE_PERSISTENCE_DROP,
	SIGNATURE_SERVICE_RUNS_TEMPORARY,
	SIGNATURE_BPF_LOAD,
};

enum severity {
	SEVERITY_LOW = 1,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
};

struct ancestor {
	__u32 pid;
	__u32 uid;
	__u64 start_time FORMAT("boottime");
	char comm[COMM_SIZE];
};

struct event_alert {
	struct event_header header FORMAT("inline");
	struct process process FORMAT("inline");
	enum signature signature FORMAT("lower");
	enum severity severity FORMAT("lower");
	char technique[12];                  /* of MITRE ATT&CK */
	data_loc detail STRING OMIT_EMPTY;   /* path, name or address that it is about */
	__u32 target_pid OMIT_EMPTY;
	__u32 chain_length FORMAT("hidden");
	struct ancestor chain[CHAIN_LENGTH] FORMAT("list:chain_length"); /* its parent first */
};

#endif
