/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is told: constants that `run --set` sets before the object is loaded.  The verifier knows
 * their values then, and takes out what they switch off.
 */
#ifndef BPF_PROCTRACE_FILTER_H
#define BPF_PROCTRACE_FILTER_H

#include "proctrace_record.h"

enum {
	FILTER_NUMBERS = 16,
	FILTER_TEXTS = 8,
	FILTER_TEXT_SIZE = 64,
	FILTER_EVENTS = 16,
	WATCH_TEXTS = 16,
};

#define SETTING(text) DOC(text) const volatile __attribute__((aligned(8)))

/* Each list has beside it how many of its elements were given. */
SETTING("only what these users do") u32 only_uid[FILTER_NUMBERS] = {};
SETTING("not what these users do") u32 not_uid[FILTER_NUMBERS] = {};
SETTING("only threads of these names") char only_comm[FILTER_TEXTS][COMM_SIZE] = {};
SETTING("no threads of these names") char not_comm[FILTER_TEXTS][COMM_SIZE] = {};
SETTING("only in cgroups of these names (last part of the path)")
char only_cgroup[FILTER_TEXTS][CGROUP_SIZE] = {};
SETTING("not in cgroups of these names") char not_cgroup[FILTER_TEXTS][CGROUP_SIZE] = {};
SETTING("only paths that start so: the file's, where an event is about one, else the executable's")
char only_path[FILTER_TEXTS][FILTER_TEXT_SIZE] = {};
SETTING("no paths that start so") char not_path[FILTER_TEXTS][FILTER_TEXT_SIZE] = {};
SETTING("only these events") enum event_type only_event[FILTER_EVENTS] = {};
SETTING("not these events") enum event_type not_event[FILTER_EVENTS] = {};
SETTING("not these signatures") enum signature not_signature[FILTER_EVENTS] = {};
SETTING("open events are told of files whose paths start so")
char watch[WATCH_TEXTS][FILTER_TEXT_SIZE] = {
	"/etc/", "/boot/", "/usr/bin/", "/usr/sbin/", "/usr/lib/systemd/", "/root/.ssh/",
	"/var/spool/cron/",
	"/proc/sys/", "/run/systemd/system/",
};
const volatile u32 only_uid_count = 0, not_uid_count = 0, only_comm_count = 0, not_comm_count = 0,
		   only_cgroup_count = 0, not_cgroup_count = 0, only_path_count = 0, not_path_count = 0,
		   only_event_count = 0, not_event_count = 0, not_signature_count = 0, watch_count = 9;

static __always_inline bool number_listed(const volatile u32 *list, u32 count, u32 number)
{
	u32 i;

#pragma clang loop unroll(disable)
	for (i = 0; i < count && i < FILTER_NUMBERS; i++)
		if (list[i] == number)
			return true;
	return false;
}

static __always_inline bool comm_listed(const volatile char (*list)[COMM_SIZE], u32 count,
					const char *comm)
{
	const u64 *is = (const u64 *)comm;
	u32 i;

#pragma clang loop unroll(disable)
	for (i = 0; i < count && i < FILTER_TEXTS; i++) {
		const volatile u64 *wanted = (const volatile u64 *)list[i];

		if (wanted[0] == is[0] && wanted[1] == is[1])
			return true;
	}
	return false;
}

/* A string with zeros behind it, to be compared eight bytes at a time. */
struct padded {
	u64 words[CGROUP_SIZE / 8];
};

static __always_inline void pad(struct padded *out, const struct record *record, data_loc loc)
{
	u32 size = loc >> 16;

	__builtin_memset(out, 0, sizeof(*out));
	if (size > sizeof(*out))
		size = sizeof(*out);
	bpf_probe_read_kernel(out, size, record->bytes + (loc & (RECORD_SIZE - 1)));
}

/* Of a word of a string that may end in it: all bits of the bytes before its end. */
static __always_inline u64 mask_of(u64 word)
{
	word |= word >> 1;
	word |= word >> 2;
	word |= word >> 4;
	return (word & 0x0101010101010101ull) * 0xff;
}

/*
 * Whether the text starts with one of the list, or is one of it; size: of each in the list.  The
 * verifier goes through every step that the list can lead to, so they are words.
 */
static __always_inline bool text_listed(const volatile char *list, u32 most, u32 size, u32 count,
					const struct padded *text, bool whole)
{
	const volatile u64 *words = (const volatile u64 *)list;
	const u32 length = size / 8;
	u32 i, k;

#pragma clang loop unroll(disable)
	for (i = 0; i < count && i < most; i++) {
		bool differs = false;

#pragma clang loop unroll(disable)
		for (k = 0; k < length; k++) {
			u64 wanted = words[i * length + k];
			u64 mask = whole ? ~0ull : mask_of(wanted);

			differs = (text->words[k] ^ wanted) & mask;
			if (differs || mask != ~0ull)
				break;
		}
		if (!differs)
			return true;
	}
	return false;
}

#define PASSES(only, not, listed) \
	((only##_count == 0 || listed(only, only##_count)) &&                              \
	 (not##_count == 0 || !listed(not, not##_count)))

/* Whether the record of this type is told; path: what it is about, else 0. */
__noinline int is_wanted(u32 type, u32 path)
{
	struct record *record = record_of(type);
	struct padded cgroup, text;
	struct process *process;

#define UID_LISTED(list, count) number_listed(list, count, process->uid)
#define COMM_LISTED(list, count) comm_listed(list, count, process->comm)
#define CGROUP_LISTED(list, count) \
	text_listed(list[0], FILTER_TEXTS, CGROUP_SIZE, count, &cgroup, true)
#define PATH_LISTED(list, count) \
	text_listed(list[0], FILTER_TEXTS, FILTER_TEXT_SIZE, count, &text, false)
#define EVENT_LISTED(list, count) number_listed((const volatile u32 *)list, count, type)
	if (!record)
		return 0;
	/* Every event has its process at the same place. */
	process = &record->exec.process;
	if (only_cgroup_count || not_cgroup_count)
		pad(&cgroup, record, process->cgroup);
	if (only_path_count || not_path_count)
		pad(&text, record, path ? path : process->exe);
	return PASSES(only_event, not_event, EVENT_LISTED) && PASSES(only_uid, not_uid, UID_LISTED) &&
	       PASSES(only_comm, not_comm, COMM_LISTED) &&
	       PASSES(only_cgroup, not_cgroup, CGROUP_LISTED) &&
	       PASSES(only_path, not_path, PATH_LISTED);
}

__noinline int is_watched(u32 type, u32 path)
{
	struct record *record = record_of(type);
	struct padded text;

	if (!record)
		return 0;
	pad(&text, record, path);
	return text_listed(watch[0], WATCH_TEXTS, FILTER_TEXT_SIZE, watch_count, &text, false);
}

#endif
