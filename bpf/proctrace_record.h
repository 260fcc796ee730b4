/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records: an event's struct, and behind it the strings that its members say the places of.  They
 * are larger than the stack, so each is built in a per-CPU place of its own and copied once.
 */
#ifndef BPF_PROCTRACE_RECORD_H
#define BPF_PROCTRACE_RECORD_H

#include "proctrace_kernel.h"

/* Mapped twice, which counts as memory of who reads it. */
#define EVENTS_SIZE (2 * 1024 * 1024)
#include "event_buffer.h"

enum {
	RECORD_SIZE = 16384,     /* a power of two, and more than all strings of one event together */
	PATH_DEPTH = 32,         /* of folders and mount points */
	NAME_SIZE = 256,
	EVENT_SLOTS = 32,
};

struct record {
	u32 end;                 /* where the next string goes */
	bool cut;                /* the latest string was cut */
	bool contained;          /* the process is in a container */
	struct credentials before; /* of the thread at its latest event; now's where there was none */
	union {
		struct event_header header;
		struct event_exec exec;
		struct event_fork fork;
		struct event_exit exit;
		struct event_open open;
		struct event_connect connect;
		struct event_accept accept;
		struct event_bind bind;
		struct event_ptrace ptrace;
		struct event_memory_write memory_write;
		struct event_memfd memfd;
		struct event_module module;
		struct event_bpf bpf;
		struct event_mount mount;
		struct event_credentials credentials;
		struct event_signal signal;
		struct event_alert alert;
		u8 bytes[RECORD_SIZE + FILENAME_SIZE];
	};
};

/* One for each type: a program can be interrupted by another one, but not by itself. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_SLOTS);
	__type(key, u32);
	__type(value, struct record);
} records SEC(".maps");

/*
 * A path is put together from its end.  `at` lies in memory, so that the verifier forgets what it
 * could be: else it would follow each of the ways that lead through the loop.
 */
struct path_room {
	u32 at;
	u32 padding;
	char bytes[PATH_SIZE + NAME_SIZE];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_SLOTS);
	__type(key, u32);
	__type(value, struct path_room);
} paths SEC(".maps");

/* The latest record of this type that this processor has made. */
static __always_inline struct record *record_of(u32 type)
{
	return bpf_map_lookup_elem(&records, &type);
}

static __always_inline void emit(void *ctx, struct record *record)
{
	u64 size = record->end & (RECORD_SIZE - 1);

	record->header.size = size;
	send_event(ctx, record->bytes, size);
}

/* Where the next string starts: the verifier sees that it is inside. */
static __always_inline void *room(struct record *record)
{
	return record->bytes + (record->end & (RECORD_SIZE - 1));
}

/* Takes size bytes in, which lie at room(). */
static __always_inline data_loc keep(struct record *record, u32 size)
{
	data_loc loc = size << 16 | (record->end & 0xffff);

	record->end += size;
	return size ? loc : 0;
}

/* A string of at most max - 1 bytes; `with` is the helper to read it with. */
#define ADD_STRING_WITH(record, with, max, source) ({                                       \
	struct record *record_ = (record);                                                  \
	long size_ = with(room(record_), (max), (source));                                  \
	record_->cut = size_ == (max);                                                      \
	keep(record_, size_ > 0 ? size_ - 1 : 0);                                           \
})
#define ADD_STRING(record, max, source) \
	ADD_STRING_WITH(record, bpf_probe_read_kernel_str, max, source)
#define ADD_USER_STRING(record, max, source) \
	ADD_STRING_WITH(record, bpf_probe_read_user_str, max, source)

/* Memory of the current process from start to end, or the first of it. */
static __always_inline data_loc add_user_bytes(struct record *record, u64 start, u64 end)
{
	u64 size = end - start;

	record->cut = size > ARGS_SIZE;
	barrier_var(size); /* so that the register that is compared is the one that is used */
	if (size > ARGS_SIZE)
		size = ARGS_SIZE;
	if (bpf_probe_read_user(room(record), size, (void *)start)) {
		record->cut = 1;
		return 0;
	}
	return keep(record, size);
}

/* Puts a name before what is there; with a slash before it, unless it stands alone. */
static __always_inline bool prepend(struct path_room *text, struct dentry *dentry, bool alone)
{
	u32 length = BPF_CORE_READ(dentry, d_name.len), at = text->at;

	if (length >= NAME_SIZE || length + 1 > at || at > PATH_SIZE)
		return false;
	at -= length;
	bpf_probe_read_kernel(&text->bytes[at & (PATH_SIZE - 1)], length & (NAME_SIZE - 1),
			      BPF_CORE_READ(dentry, d_name.name));
	if (!alone) {
		at--;
		text->bytes[at & (PATH_SIZE - 1)] = '/';
	}
	text->at = at;
	return true;
}

/*
 * Walks to the root of all mounts: fs/d_path.c in short.  A file without a place there (memfd,
 * pipe) has its name only.  False when there was no room for all of it.
 */
static __always_inline bool walk_up(struct path_room *text, struct dentry *dentry,
				    struct mount *mount)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < PATH_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (address_of(dentry) == address_of(BPF_CORE_READ(mount, mnt.mnt_root))) {
			if (address_of(above) == address_of(mount))
				return true;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		if (address_of(parent) == address_of(dentry))
			return text->at != PATH_SIZE || prepend(text, dentry, true);
		if (!prepend(text, dentry, false))
			return false;
		dentry = parent;
	}
	return false;
}

/* Takes the path over into the record; ".../" stands before one whose beginning is missing. */
static __always_inline data_loc keep_path(struct record *record, struct path_room *text, bool whole)
{
	u32 start = record->end & (RECORD_SIZE - 1);
	u64 size;

	if (!whole) {
		__builtin_memcpy(room(record), "...", 3);
		record->end += 3;
	}
	size = PATH_SIZE - text->at;
	barrier_var(size); /* so that the register that is compared is the one that is used */
	if (size > PATH_SIZE)
		return 0;
	bpf_probe_read_kernel(room(record), size, &text->bytes[text->at & (PATH_SIZE - 1)]);
	record->end += size;
	return (record->end - start) << 16 | start;
}

/*
 * The path of a file, whatever the root of the process.  This function, and others that are not
 * static, are verified once, and not again wherever they are called; so they take numbers only
 * (addresses, types of records), and find the record by themselves.
 */
__noinline u32 add_path(u32 type, u64 dentry, u64 vfsmount)
{
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
	struct path_room *text = bpf_map_lookup_elem(&paths, &type);
	struct record *record = record_of(type);
	bool whole;

	if (!record || !text)
		return 0;
	text->at = PATH_SIZE;
	whole = walk_up(text, (void *)dentry, mount);
	if (text->at == PATH_SIZE) {
		text->bytes[PATH_SIZE - 1] = '/';
		text->at = PATH_SIZE - 1;
	}
	return keep_path(record, text, whole);
}

static __always_inline data_loc add_file_path(u32 type, struct file *file)
{
	return add_path(type, (u64)BPF_CORE_READ(file, f_path.dentry),
			(u64)BPF_CORE_READ(file, f_path.mnt));
}

#endif
