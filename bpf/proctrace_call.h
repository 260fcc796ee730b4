/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* System calls from their begin, when their arguments are known, to their end and its result. */
#ifndef BPF_PROCTRACE_CALL_H
#define BPF_PROCTRACE_CALL_H

#include "proctrace_alert.h"

enum { CALL_ARGS = 4 };

struct call {
	u64 args[CALL_ARGS];
};

/* Least recently used: a thread that is killed on the way never comes to the end. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct call);
} calls SEC(".maps");

/* The arguments with which the call that ends now began; false where its begin was not seen. */
static __always_inline bool take_call(struct call *call)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct call *kept = bpf_map_lookup_elem(&calls, &thread);

	if (!kept)
		return false;
	*call = *kept;
	bpf_map_delete_elem(&calls, &thread);
	return true;
}

/*
 * What the call returned.  It is a signed long, and no load of one becomes narrower by itself; so a
 * 32-bit kernel's is read by its own size.
 */
static __always_inline s64 result_of(struct trace_event_raw_sys_exit *ctx)
{
	s32 narrow = 0;

	if (bpf_core_field_size(ctx->ret) == sizeof(s64))
		return ctx->ret;
	bpf_core_read(&narrow, sizeof(narrow), &ctx->ret);
	return narrow;
}

/* The kernel lets nobody read more arguments than a call has. */
#define CALL_BEGINS(name, count)                                            \
	SEC("tp/syscalls/sys_enter_" #name)                                 \
	int before_##name(struct trace_event_raw_sys_enter *ctx)            \
	{                                                                   \
		u64 thread = bpf_get_current_pid_tgid();                    \
		struct call call = {};                                      \
									    \
		call.args[0] = ctx->args[0];                                \
		call.args[1] = ctx->args[1];                                \
		if (count > 2)                                              \
			call.args[2] = ctx->args[2];                        \
		if (count > 3)                                              \
			call.args[3] = ctx->args[3];                        \
		bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);       \
		return 0;                                                   \
	}

#endif
