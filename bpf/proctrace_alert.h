/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Signatures: what is raised, how grave it is, and the processes that led to it. */
#ifndef BPF_PROCTRACE_ALERT_H
#define BPF_PROCTRACE_ALERT_H

#include "proctrace_process.h"

enum { HEAD_SIZE = 40 };

/* The same signature reached in another way, which is another technique. */
enum {
	OTHER_WAY = 16,
	THIRD_WAY = 32,
	WAYS = 48,
};

/* MITRE ATT&CK for Enterprise, v15. */
static const struct {
	char technique[12];
	enum severity severity;
} SIGNATURES[WAYS + 16] = {
	[SIGNATURE_FILELESS_EXECUTION] = { "T1620", SEVERITY_HIGH },
	[SIGNATURE_SHELL_ON_SOCKET] = { "T1059.004", SEVERITY_CRITICAL },
	[SIGNATURE_DROPPED_EXECUTABLE] = { "T1105", SEVERITY_MEDIUM },
	[SIGNATURE_PRELOAD_FROM_WRITABLE] = { "T1574.006", SEVERITY_HIGH },
	[SIGNATURE_ANTI_DEBUGGING] = { "T1622", SEVERITY_MEDIUM },
	[SIGNATURE_CODE_INJECTION] = { "T1055.008", SEVERITY_HIGH },             /* ptrace */
	[SIGNATURE_CODE_INJECTION | OTHER_WAY] = { "T1055.009", SEVERITY_HIGH }, /* /proc/PID/mem */
	[SIGNATURE_CODE_INJECTION | THIRD_WAY] = { "T1055", SEVERITY_HIGH },     /* process_vm_writev */
	[SIGNATURE_MODULE_LOAD] = { "T1547.006", SEVERITY_HIGH },
	[SIGNATURE_PRIVILEGE_GAINED] = { "T1068", SEVERITY_CRITICAL },
	[SIGNATURE_CONTAINER_ESCAPE] = { "T1611", SEVERITY_CRITICAL },
	[SIGNATURE_LINKER_TAMPERING] = { "T1574.006", SEVERITY_CRITICAL },
	[SIGNATURE_PERSISTENCE_DROP] = { "T1053.003", SEVERITY_HIGH },             /* cron */
	[SIGNATURE_PERSISTENCE_DROP | OTHER_WAY] = { "T1543.002", SEVERITY_HIGH }, /* systemd */
	[SIGNATURE_SERVICE_RUNS_TEMPORARY] = { "T1036.005", SEVERITY_HIGH },
	[SIGNATURE_BPF_LOAD] = { "T1014", SEVERITY_LOW },
};

/* The first bytes of a string, to be compared with constants. */
union head {
	char bytes[HEAD_SIZE];
	u64 words[HEAD_SIZE / 8];
};

/* The compiler turns a literal into words: BPF has no memcmp(). */
#define BYTE_OF(text, i)                                                                   \
	((i) < sizeof(text) ?                                                              \
	 (u64)(u8)(text)[(i) < sizeof(text) ? (i) : 0] << 8 * ((i) % 8) : 0)
#define WORD_OF(text, w)                                                                    \
	(BYTE_OF(text, 8 * (w)) | BYTE_OF(text, 8 * (w) + 1) | BYTE_OF(text, 8 * (w) + 2) | \
	 BYTE_OF(text, 8 * (w) + 3) | BYTE_OF(text, 8 * (w) + 4) | BYTE_OF(text, 8 * (w) + 5) | \
	 BYTE_OF(text, 8 * (w) + 6) | BYTE_OF(text, 8 * (w) + 7))
#define WORD_MASK(size, w)                                                                  \
	((size) >= 8 * (w) + 8 ? ~0ull : (size) <= 8 * (w) ? 0ull : (1ull << 8 * ((size) % 8)) - 1)
#define WORD_DIFFERS(head, text, size, w)                                                   \
	(((head)->words[w] ^ WORD_OF(text, w)) & WORD_MASK(size, w))
#define AGREES(head, text, size)                                                            \
	(!(WORD_DIFFERS(head, text, size, 0) || WORD_DIFFERS(head, text, size, 1) ||        \
	   WORD_DIFFERS(head, text, size, 2) || WORD_DIFFERS(head, text, size, 3) ||        \
	   WORD_DIFFERS(head, text, size, 4)))
#define STARTS(head, text) AGREES(head, text, sizeof(text) - 1)
#define IS(head, text) AGREES(head, text, sizeof(text))

static __always_inline void read_head(union head *head, struct record *record, data_loc loc)
{
	u32 size = loc >> 16;

	__builtin_memset(head, 0, sizeof(*head));
	if (size > HEAD_SIZE - 1)
		size = HEAD_SIZE - 1;
	bpf_probe_read_kernel(head->bytes, size, record->bytes + (loc & (RECORD_SIZE - 1)));
}

static __always_inline bool anybody_writes_there(const union head *path)
{
	return STARTS(path, "/tmp/") || STARTS(path, "/dev/shm/") || STARTS(path, "/var/tmp/");
}

static __always_inline data_loc copy_string(struct record *to, const struct record *from,
					    data_loc loc)
{
	u32 size = loc >> 16;

	if (size > PATH_SIZE)
		size = PATH_SIZE;
	bpf_probe_read_kernel(room(to), size, from->bytes + (loc & (RECORD_SIZE - 1)));
	return keep(to, size);
}

/* Of the same process. */
static __always_inline void copy_process_of(struct record *to, const struct record *from)
{
	to->exec.process = from->exec.process;
	to->exec.process.exe = copy_string(to, from, from->exec.process.exe);
	to->exec.process.cgroup = copy_string(to, from, from->exec.process.cgroup);
	to->exec.process.container = copy_string(to, from, from->exec.process.container);
}

static __always_inline u32 read_chain(struct ancestor *chain, struct task_struct *task)
{
	u32 i;

#pragma clang loop unroll(disable)
	for (i = 0; i < CHAIN_LENGTH; i++) {
		task = BPF_CORE_READ(task, real_parent, group_leader);
		chain[i].pid = BPF_CORE_READ(task, tgid);
		if (chain[i].pid == 0)
			break;
		chain[i].uid = BPF_CORE_READ(task, cred, uid.val);
		chain[i].start_time = start_boottime(task);
		BPF_CORE_READ_STR_INTO(&chain[i].comm, task, comm);
	}
	return i;
}

/*
 * Makes the alert that belongs to the event of a type; way: a signature, and how it was reached;
 * detail: a string there, or 0.  1 when it is told.
 */
__noinline int make_alert(u32 type, u32 way, u32 detail, u32 target_pid)
{
	u32 signature = way & (OTHER_WAY - 1);
	struct record *record = reserve(EVENT_ALERT, sizeof(record->alert)), *from = record_of(type);
	struct event_alert *alert;

	if (!record || !from || (not_signature_count &&
				 number_listed((const volatile u32 *)not_signature, not_signature_count, signature)))
		return 0;
	alert = &record->alert;
	copy_process_of(record, from);
	way &= WAYS + 15;
	alert->signature = signature;
	alert->severity = SIGNATURES[way].severity;
	__builtin_memcpy(alert->technique, SIGNATURES[way].technique, sizeof(alert->technique));
	alert->detail = copy_string(record, from, detail);
	alert->target_pid = target_pid;
	alert->chain_length = read_chain(alert->chain, (void *)bpf_get_current_task());
	return is_wanted(EVENT_ALERT, 0);
}

static __always_inline void raise(void *ctx, enum event_type type, u32 way, data_loc detail,
				  u32 target_pid)
{
	struct record *record = record_of(EVENT_ALERT);

	if (record && make_alert(type, way, detail, target_pid))
		emit(ctx, record);
}

static __always_inline bool has_uid_0(const struct credentials *credentials)
{
	return credentials->uid == 0 || credentials->euid == 0 || credentials->suid == 0;
}

/*
 * root, and neither was it before, nor could it have become so by set*id(2).  An execution is told
 * apart by its caller.
 */
static __always_inline bool gained_privilege(const struct record *record)
{
	const struct process *process = &record->exec.process;

	return (process->uid == 0 || process->euid == 0) && !has_uid_0(&record->before) &&
	       !(record->before.effective & 1 << 7 /* CAP_SETUID */);
}

/* Puts in the process. */
static __always_inline void add_process(void *ctx, struct record *record, enum event_type type)
{
	read_process(type);
	if (gained_privilege(record))
		raise(ctx, type, SIGNATURE_PRIVILEGE_GAINED, 0, 0);
}

/* An event of this type with all that every event has, or NULL. */
static __always_inline struct record *begin(void *ctx, enum event_type type, u32 size)
{
	struct record *record = reserve(type, size);

	if (record)
		add_process(ctx, record, type);
	return record;
}

/* path: what the event is about, or 0. */
static __always_inline void finish(void *ctx, struct record *record, enum event_type type,
				   data_loc path)
{
	if (is_wanted(type, path))
		emit(ctx, record);
}

#endif
