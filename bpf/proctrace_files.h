/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files: opened for writing, in memory only, mounted. */
#ifndef BPF_PROCTRACE_FILES_H
#define BPF_PROCTRACE_FILES_H

#include "proctrace_call.h"

enum {
	/* include/uapi/linux/mount.h: MS_REMOUNT, MS_BIND, MS_MOVE, MS_UNBINDABLE ... MS_SHARED */
	MOUNTS_NOTHING_NEW = 1 << 5 | 1 << 12 | 1 << 13 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20,
};

SETTING("for how many seconds a file that was written is remembered; its execution is an alert")
u32 dropped_seconds = 300;

/* When a regular file was opened for writing. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct file_id);
	__type(value, u64);
} written SEC(".maps");

static __always_inline bool was_written(const struct file_id *file)
{
	u64 *when = bpf_map_lookup_elem(&written, file);

	return when && bpf_ktime_get_ns() - *when < dropped_seconds * 1000000000ull;
}

/* A number with 4 bytes on a 32-bit kernel. */
static __always_inline u32 file_system_magic(struct file *file)
{
	struct super_block *super = BPF_CORE_READ(file, f_inode, i_sb);

	return BPF_CORE_READ_BITFIELD_PROBED(super, s_magic);
}

/* /proc/PID/mem, /proc/PID/task/TID/mem of another process: its number; else 0. */
static __always_inline u32 memory_of_another(struct file *file, const union head *name)
{
	struct proc_inode *proc;
	struct hlist_node *link;
	struct task_struct *task;
	u32 target;

	if (!IS(name, "mem") || file_system_magic(file) != PROC_SUPER_MAGIC)
		return 0;
	proc = (void *)BPF_CORE_READ(file, f_inode) - bpf_core_field_offset(struct proc_inode, vfs_inode);
	link = BPF_CORE_READ(proc, pid, tasks[PIDTYPE_PID].first);
	if (!address_of(link))
		return 0;
	task = (void *)link - bpf_core_field_offset(struct task_struct, pid_links);
	target = BPF_CORE_READ(task, tgid);
	return target == bpf_get_current_pid_tgid() >> 32 ? 0 : target;
}

static __always_inline bool is_linker_file(const union head *path, const union head *name)
{
	return IS(path, "/etc/ld.so.preload") || STARTS(path, "/etc/ld.so.conf") ||
	       (STARTS(name, "ld-linux") && (STARTS(path, "/lib") || STARTS(path, "/usr/lib")));
}

/* Not /etc/cron.allow and /etc/cron.deny. */
static __always_inline bool is_cron_file(const union head *path)
{
	return STARTS(path, "/etc/cron.d/") || STARTS(path, "/etc/cron.hourly/") ||
	       STARTS(path, "/etc/cron.daily/") || STARTS(path, "/etc/cron.weekly/") ||
	       STARTS(path, "/etc/cron.monthly/") || STARTS(path, "/etc/cron.yearly/") ||
	       IS(path, "/etc/crontab") || IS(path, "/etc/anacrontab") || STARTS(path, "/var/spool/cron/");
}

static __always_inline bool is_unit_file(const union head *path)
{
	return STARTS(path, "/etc/systemd/system/") || STARTS(path, "/run/systemd/system/") ||
	       STARTS(path, "/usr/lib/systemd/system/") || STARTS(path, "/lib/systemd/system/") ||
	       STARTS(path, "/usr/local/lib/systemd/system/") || STARTS(path, "/etc/systemd/user/");
}

/* What makes the kernel of the host run a program: not any file of such a name. */
static __always_inline bool is_host_control(struct file *file, const union head *name)
{
	u32 magic;

	if (!(IS(name, "core_pattern") || IS(name, "modprobe") || IS(name, "sysrq-trigger") ||
	      IS(name, "hotplug") || IS(name, "uevent_helper") || IS(name, "release_agent") ||
	      IS(name, "register")))
		return false;
	magic = file_system_magic(file);
	if (IS(name, "release_agent"))
		return magic == CGROUP_SUPER_MAGIC;
	if (IS(name, "uevent_helper"))
		return magic == SYSFS_MAGIC;
	if (IS(name, "register"))
		return magic == BINFMTFS_MAGIC;
	return magic == PROC_SUPER_MAGIC;
}

/* A regular file was opened for writing. */
static __always_inline int opened(void *ctx, struct file *file)
{
	struct record *record = reserve(EVENT_OPEN, sizeof(record->open));
	u32 signature = 0;
	union head path, name = {};
	u64 now = bpf_ktime_get_ns();
	struct file_id id;
	u32 target;
	data_loc loc;

	if (!record)
		return 0;
	identify_file(&id, BPF_CORE_READ(file, f_inode));
	bpf_map_update_elem(&written, &id, &now, BPF_ANY);
	loc = add_file_path(EVENT_OPEN, file);
	read_head(&path, record, loc);
	bpf_probe_read_kernel_str(name.bytes, sizeof(name.bytes),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	target = memory_of_another(file, &name);
	if (target)
		signature = SIGNATURE_CODE_INJECTION | OTHER_WAY;
	else if (is_linker_file(&path, &name))
		signature = SIGNATURE_LINKER_TAMPERING;
	else if (is_cron_file(&path))
		signature = SIGNATURE_PERSISTENCE_DROP;
	else if (is_unit_file(&path))
		signature = SIGNATURE_PERSISTENCE_DROP | OTHER_WAY;
	else if (is_host_control(file, &name))
		signature = SIGNATURE_CONTAINER_ESCAPE;
	else if (!is_watched(EVENT_OPEN, loc))
		return 0;
	add_process(ctx, record, EVENT_OPEN);
	record->open.path = loc;
	record->open.file = id;
	record->open.created = BPF_CORE_READ(file, f_mode) & FMODE_CREATED;
	if (signature && (signature != SIGNATURE_CONTAINER_ESCAPE || record->contained))
		raise(ctx, EVENT_OPEN, signature, loc, target);
	if (signature || is_watched(EVENT_OPEN, loc))
		finish(ctx, record, EVENT_OPEN, loc);
	return 0;
}

/* Most files are opened for reading only. */
static __always_inline int open_done(struct trace_event_raw_sys_exit *ctx)
{
	struct file *file;

	if (result_of(ctx) < 0)
		return 0;
	file = file_of_fd((void *)bpf_get_current_task(), result_of(ctx));
	if (!address_of(file) || !(BPF_CORE_READ(file, f_mode) & FMODE_WRITE) ||
	    (file_mode(file) & S_IFMT) != S_IFREG)
		return 0;
	return opened(ctx, file);
}

#define OPENS(call)                                                         \
	SEC("tp/syscalls/sys_exit_" #call)                                  \
	int on_##call(struct trace_event_raw_sys_exit *ctx)                 \
	{                                                                   \
		return open_done(ctx);                                      \
	}

OPENS(open)
OPENS(openat)
OPENS(openat2)
OPENS(creat)

SEC("tp/syscalls/sys_exit_memfd_create")
int on_memfd_create(struct trace_event_raw_sys_exit *ctx)
{
	struct record *record;
	struct file *file;

	if (result_of(ctx) < 0)
		return 0;
	record = begin(ctx, EVENT_MEMFD, sizeof(record->memfd));
	if (!record)
		return 0;
	file = file_of_fd((void *)bpf_get_current_task(), result_of(ctx));
	/* "memfd:NAME", as in /proc/PID/fd */
	record->memfd.name = ADD_STRING(record, NAME_SIZE,
					BPF_CORE_READ(file, f_path.dentry, d_name.name));
	record->memfd.fd = result_of(ctx);
	finish(ctx, record, EVENT_MEMFD, 0);
	return 0;
}

static __always_inline int mounted(void *ctx, s64 result, u64 source, u64 target, u64 type,
				   u64 flags)
{
	struct record *record = begin(ctx, EVENT_MOUNT, sizeof(record->mount));
	struct event_mount *mount;
	union head head;

	if (!record)
		return 0;
	mount = &record->mount;
	mount->source = ADD_USER_STRING(record, PATH_SIZE, (void *)source);
	mount->target = ADD_USER_STRING(record, PATH_SIZE, (void *)target);
	mount->type = ADD_USER_STRING(record, NAME_SIZE, (void *)type);
	mount->flags = flags;
	mount->result = result;
	finish(ctx, record, EVENT_MOUNT, mount->target);
	read_head(&head, record, mount->source);
	if (record->contained && result >= 0 && !(flags & MOUNTS_NOTHING_NEW) && STARTS(&head, "/dev/"))
		raise(ctx, EVENT_MOUNT, SIGNATURE_CONTAINER_ESCAPE, mount->source, 0);
	return 0;
}

CALL_BEGINS(mount, 4)

SEC("tp/syscalls/sys_exit_mount")
int on_mount(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (!take_call(&call))
		return 0;
	return mounted(ctx, result_of(ctx), call.args[0], call.args[1], call.args[2], call.args[3]);
}

/* The newer way to mount: fsopen(2), then this one for the source. */
CALL_BEGINS(fsconfig, 4)

SEC("tp/syscalls/sys_exit_fsconfig")
int on_fsconfig(struct trace_event_raw_sys_exit *ctx)
{
	union head key = {};
	struct call call;

	if (!take_call(&call) || call.args[1] != FSCONFIG_SET_STRING)
		return 0;
	bpf_probe_read_user_str(key.bytes, sizeof(key.bytes), (void *)call.args[2]);
	return IS(&key, "source") ? mounted(ctx, result_of(ctx), call.args[3], 0, 0, 0) : 0;
}

#endif
