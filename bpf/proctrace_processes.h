/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Processes: execution, creation, end, credentials, signals. */
#ifndef BPF_PROCTRACE_PROCESSES_H
#define BPF_PROCTRACE_PROCESSES_H

#include "proctrace_files.h"

enum {
	ENV_STRINGS = 128,       /* are looked at for LD_PRELOAD */
	PRELOAD_SIZE = 512,      /* of its value is looked at */
	SYSTEM_UIDS = 1000,      /* below: accounts of services (login.defs UID_MIN) */
	DYNAMIC_UIDS = 61184,    /* to DYNAMIC_UIDS_END: systemd's DynamicUser= */
	DYNAMIC_UIDS_END = 65519,
	NOBODY = 65534,
};

SETTING("tell the environment of executions") bool env = false;

/* Processes whose end was told: two last threads can both see themselves as the last one. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u64);
} exited SEC(".maps");

static __always_inline bool is_inet_socket(struct task_struct *task, s32 fd)
{
	struct sock *sk = sock_of_file(file_of_fd(task, fd));
	u16 family = 0;

	if (address_of(sk))
		family = BPF_CORE_READ(sk, __sk_common.skc_family);
	return family == AF_INET || family == AF_INET6;
}

/* By the name of the executable's file; busybox is what it was called as. */
static __always_inline bool is_shell(const struct record *record, struct file *executable)
{
	union head name = {};

	bpf_probe_read_kernel_str(name.bytes, sizeof(name.bytes),
				  BPF_CORE_READ(executable, f_path.dentry, d_name.name));
	if (IS(&name, "busybox"))
		__builtin_memcpy(name.bytes, record->exec.process.comm, COMM_SIZE);
	return IS(&name, "sh") || IS(&name, "bash") || IS(&name, "dash") || IS(&name, "zsh") ||
	       IS(&name, "ksh") || IS(&name, "mksh") || IS(&name, "ash") || IS(&name, "busybox") ||
	       IS(&name, "fish") || IS(&name, "csh") || IS(&name, "tcsh");
}

/*
 * Whether a list of paths, as the dynamic linker takes them apart, has one where anybody writes. It
 * lies where the next string of the execution's record goes.
 */
__noinline int lists_writable(u32 offset, u32 size)
{
	struct record *record = record_of(EVENT_EXEC);
	union head head;
	u32 i;

	if (!record)
		return 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < PRELOAD_SIZE && i < size; i++) {
		u32 at = (record->end + offset + i) & (RECORD_SIZE - 1);
		u8 before = ':';

		if (record->bytes[at] != '/')
			continue;
		if (i > 0)
			before = record->bytes[(at - 1) & (RECORD_SIZE - 1)];
		if (before != ':' && before != ' ')
			continue;
		bpf_probe_read_kernel(head.bytes, sizeof(head.bytes), &record->bytes[at]);
		if (anybody_writes_there(&head))
			return 1;
	}
	return 0;
}

/* The value of LD_PRELOAD or LD_AUDIT that names a folder where anybody writes, or 0. */
__noinline u32 find_preload(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct record *record = record_of(EVENT_EXEC);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 at = BPF_CORE_READ_BITFIELD_PROBED(mm, env_start);
	u64 end = BPF_CORE_READ_BITFIELD_PROBED(mm, env_end);
	union head head;
	long size;
	int i;

	if (!record)
		return 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < ENV_STRINGS && at < end; i++) {
		u32 value;

		size = bpf_probe_read_user_str(room(record), PATH_SIZE, (void *)at);
		if (size <= 0)
			break;
		at += size;
		bpf_probe_read_kernel(head.bytes, sizeof(head.bytes), room(record));
		value = STARTS(&head, "LD_PRELOAD=") ? 11 : STARTS(&head, "LD_AUDIT=") ? 9 : 0;
		if (!value)
			continue;
		if (lists_writable(value, (u32)size - value)) {
			record->end += value;
			return keep(record, (u32)size - 1 - value);
		}
	}
	return 0;
}

static __always_inline bool is_service(u32 uid)
{
	return (uid > 0 && uid < SYSTEM_UIDS) || (uid >= DYNAMIC_UIDS && uid <= DYNAMIC_UIDS_END) ||
	       uid == NOBODY;
}

/* What looks like an attack in an execution. */
static __always_inline void judge_execution(void *ctx, struct record *record,
					    struct task_struct *task,
					    struct file *executable)
{
	struct event_exec *exec = &record->exec;
	u32 uid = exec->process.euid;
	data_loc preload;
	union head head;

	if (exec->deleted)
		raise(ctx, EVENT_EXEC, SIGNATURE_FILELESS_EXECUTION, exec->process.exe, 0);
	if (is_shell(record, executable) && (is_inet_socket(task, 0) || is_inet_socket(task, 1)))
		raise(ctx, EVENT_EXEC, SIGNATURE_SHELL_ON_SOCKET, exec->process.exe, 0);
	if (was_written(&exec->file))
		raise(ctx, EVENT_EXEC, SIGNATURE_DROPPED_EXECUTABLE, exec->process.exe, 0);
	preload = find_preload();
	if (preload)
		raise(ctx, EVENT_EXEC, SIGNATURE_PRELOAD_FROM_WRITABLE, preload, 0);
	if (!is_service(uid))
		return;
	read_head(&head, record, exec->filename);
	if (!anybody_writes_there(&head))
		read_head(&head, record, exec->process.exe);
	if (anybody_writes_there(&head))
		raise(ctx, EVENT_EXEC, SIGNATURE_SERVICE_RUNS_TEMPORARY, exec->filename, 0);
}

static __always_inline bool same_credentials(const struct credentials *a,
					     const struct credentials *b)
{
	return a->uid == b->uid && a->euid == b->euid && a->suid == b->suid && a->gid == b->gid &&
	       a->egid == b->egid && a->sgid == b->sgid && a->effective == b->effective;
}

static __always_inline void tell_credentials(void *ctx, const struct record *from)
{
	struct record *record = reserve(EVENT_CREDENTIALS, sizeof(record->credentials));

	if (!record)
		return;
	copy_process_of(record, from);
	record->credentials.before = from->before;
	read_credentials(&record->credentials.after, (void *)bpf_get_current_task());
	finish(ctx, record, EVENT_CREDENTIALS, 0);
}

/*
 * Arguments lie in the new program's own memory, which was just written: no page is missing.
 */
static __always_inline void read_arguments(struct record *record, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct event_exec *exec = &record->exec;

	/* As bit fields, since these are 4 bytes on a 32-bit kernel. */
	exec->args = add_user_bytes(record, BPF_CORE_READ_BITFIELD_PROBED(mm, arg_start),
				    BPF_CORE_READ_BITFIELD_PROBED(mm, arg_end));
	exec->args_cut = record->cut;
	exec->env = 0;
	exec->env_cut = false;
	if (!env)
		return;
	exec->env = add_user_bytes(record, BPF_CORE_READ_BITFIELD_PROBED(mm, env_start),
				   BPF_CORE_READ_BITFIELD_PROBED(mm, env_end));
	exec->env_cut = record->cut;
}

static __always_inline void read_execution(struct record *record, struct task_struct *task,
					   struct linux_binprm *bprm, struct file *executable)
{
	const char *name = BPF_CORE_READ(bprm, filename), *interpreter = BPF_CORE_READ(bprm, interp);
	struct inode *inode = BPF_CORE_READ(executable, f_inode);
	struct event_exec *exec = &record->exec;

	exec->filename = ADD_STRING(record, FILENAME_SIZE, name);
	exec->interpreter = 0;
	if (address_of(interpreter) != address_of(name))
		exec->interpreter = ADD_STRING(record, NAME_SIZE, interpreter);
	exec->cwd = add_path(EVENT_EXEC, (u64)BPF_CORE_READ(task, fs, pwd.dentry),
			     (u64)BPF_CORE_READ(task, fs, pwd.mnt));
	identify_file(&exec->file, inode);
	exec->mtime = modification_time(inode);
	exec->deleted = BPF_CORE_READ(inode, i_nlink) == 0;
	read_arguments(record, task);
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct file *executable = BPF_CORE_READ(task, mm, exe_file);
	struct record *record = reserve(EVENT_EXEC, sizeof(record->exec));
	struct credentials now;

	if (!record)
		return 0;
	read_process(EVENT_EXEC);
	read_execution(record, task, bprm, executable);
	if (gained_privilege(record) && !(file_mode(executable) & S_ISUID))
		raise(ctx, EVENT_EXEC, SIGNATURE_PRIVILEGE_GAINED, record->exec.process.exe, 0);
	finish(ctx, record, EVENT_EXEC, record->exec.process.exe);
	read_credentials(&now, task);
	if (!same_credentials(&record->before, &now))
		tell_credentials(ctx, record);
	judge_execution(ctx, record, task, executable);
	return 0;
}

/* In the parent, when all that can fail is done. */
SEC("raw_tp/task_newtask")
int BPF_PROG(on_fork, struct task_struct *child, unsigned long flags)
{
	struct record *record = begin(ctx, EVENT_FORK, sizeof(record->fork));

	if (!record)
		return 0;
	inherit(record, child);
	record->fork.child_pid = BPF_CORE_READ(child, tgid);
	record->fork.child_tid = BPF_CORE_READ(child, pid);
	record->fork.flags = flags;
	finish(ctx, record, EVENT_FORK, 0);
	return 0;
}

/* What wait(2) will say: the group's code when it was ended as a whole, else the leader's. */
static __always_inline int wait_status(struct task_struct *leader)
{
	if (BPF_CORE_READ(leader, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(leader, signal, group_exit_code);
	return BPF_CORE_READ(leader, exit_code);
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	u64 now = bpf_ktime_get_ns(), started = BPF_CORE_READ(leader, start_time);
	struct record *record;
	u64 identity;
	int status;

	/* Counted down before the tracepoint is reached. */
	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	identity = (u64)BPF_CORE_READ(task, signal) ^ started;
	if (bpf_map_update_elem(&exited, &identity, &now, BPF_NOEXIST) == -EEXIST)
		return 0;
	record = begin(ctx, EVENT_EXIT, sizeof(record->exit));
	if (!record)
		return 0;
	status = wait_status(leader);
	record->exit.exit_code = (status >> 8) & 0xff;
	record->exit.signal = status & 0x7f;
	record->exit.core_dumped = status & 0x80;
	record->exit.duration = now - started;
	finish(ctx, record, EVENT_EXIT, 0);
	return 0;
}

/* What set*id(2) and capset(2) did. */
static __always_inline int credentials_set(struct trace_event_raw_sys_exit *ctx)
{
	struct event_credentials *credentials;
	struct record *record;

	if (result_of(ctx) < 0)
		return 0;
	record = reserve(EVENT_CREDENTIALS, sizeof(record->credentials));
	if (!record)
		return 0;
	credentials = &record->credentials;
	read_process(EVENT_CREDENTIALS);
	credentials->before = record->before;
	read_credentials(&credentials->after, (void *)bpf_get_current_task());
	if (!same_credentials(&credentials->before, &credentials->after))
		finish(ctx, record, EVENT_CREDENTIALS, 0);
	return 0;
}

#define SETS_CREDENTIALS(call)                                              \
	SEC("tp/syscalls/sys_exit_" #call)                                  \
	int on_##call(struct trace_event_raw_sys_exit *ctx)                 \
	{                                                                   \
		return credentials_set(ctx);                                \
	}

SETS_CREDENTIALS(setuid)
SETS_CREDENTIALS(setgid)
SETS_CREDENTIALS(setreuid)
SETS_CREDENTIALS(setregid)
SETS_CREDENTIALS(setresuid)
SETS_CREDENTIALS(setresgid)
SETS_CREDENTIALS(setfsuid)
SETS_CREDENTIALS(setfsgid)
SETS_CREDENTIALS(capset)

/*
 * kill(2), sigqueue(3), tgkill(2) and the like.  info is 0 or 1 where the kernel itself sends;
 * timers and what else has codes of its own come in the middle of any thread.
 */
static __always_inline bool is_sent_by_user(struct kernel_siginfo *info)
{
	s32 code;

	if (address_of(info) <= 1)
		return false;
	code = BPF_CORE_READ(info, si_code);
	return code == 0 /* SI_USER */ || code == -1 /* SI_QUEUE */ || code == -6 /* SI_TKILL */;
}

/* Reached when the sender was allowed to. */
SEC("raw_tp/signal_generate")
int BPF_PROG(on_signal, int sig, struct kernel_siginfo *info, struct task_struct *target)
{
	struct task_struct *sender = (void *)bpf_get_current_task();
	u32 uid = BPF_CORE_READ(target, cred, uid.val);
	struct record *record;

	if (!is_sent_by_user(info) || uid == BPF_CORE_READ(sender, cred, uid.val) ||
	    BPF_CORE_READ(target, tgid) == BPF_CORE_READ(sender, tgid))
		return 0;
	record = begin(ctx, EVENT_SIGNAL, sizeof(record->signal));
	if (!record)
		return 0;
	record->signal.signal_sent = sig;
	record->signal.target_pid = BPF_CORE_READ(target, tgid);
	record->signal.target_uid = uid;
	BPF_CORE_READ_STR_INTO(&record->signal.target_comm, target, comm);
	finish(ctx, record, EVENT_SIGNAL, 0);
	return 0;
}

#endif
