// SPDX-License-Identifier: BSD-2-Clause
/* Every type that a setting can have: one event for each exec shows what they are set to. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_SETTINGS = 1,
	EVENT_OTHER,
};

#include "bpf/event.h"

#define DOC(text) __attribute__((btf_decl_tag("doc:" text)))

enum colour { COLOUR_NONE, COLOUR_RED, COLOUR_BLUE };

enum { USERS = 4, NAMES = 3, EVENTS = 2, NAME_SIZE = 8 };

const volatile bool enabled = false;
const volatile s8 tiny = -1;
const volatile u16 port DOC("the port to look at") = 443;
const volatile s64 wide = 0;
const volatile u64 mask = 0;
const volatile enum colour colour = COLOUR_NONE;
const volatile char name[NAME_SIZE] = "none";
const volatile u32 only_uid[USERS] DOC("these users only") = {};
const volatile u32 only_uid_count = 0;
const volatile char only_comm[NAMES][NAME_SIZE] = {};
const volatile enum event_type only_event[EVENTS] = {};
u32 level = 3; /* of .data */

/* None of these is a setting. */
const volatile u32 debug_level __attribute__((btf_decl_tag("internal"))) = 1;
const volatile struct { u32 member; } composite = {};
const u32 compiled_in = 7;
static const volatile u32 hidden = 8;
const volatile bool events_use_perf = false;

struct event_settings {
	struct event_header header FORMAT("inline");
	bool enabled;
	s8 tiny;
	u16 port;
	s64 wide;
	u64 mask FORMAT("hex");
	enum colour colour;
	char name[NAME_SIZE];
	u32 only_uid[USERS];
	u32 only_uid_count;
	char only_comm[NAMES][NAME_SIZE];
	enum event_type only_event[EVENTS];
	u32 level, others;
};

/* A type that stands on the stack only is in the BTF because of this. */
struct event_settings *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events_perf SEC(".maps");

static __always_inline void copy_names(struct event_settings *event)
{
	int i, k;

	for (i = 0; i < NAME_SIZE; i++)
		event->name[i] = name[i];
	for (i = 0; i < NAMES; i++)
		for (k = 0; k < NAME_SIZE; k++)
			event->only_comm[i][k] = only_comm[i][k];
	for (i = 0; i < USERS; i++)
		event->only_uid[i] = only_uid[i];
	for (i = 0; i < EVENTS; i++)
		event->only_event[i] = only_event[i];
}

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct event_settings event = {
		.header = {
			.event = EVENT_SETTINGS,
			.size = sizeof(event),
			.time = bpf_ktime_get_ns(),
		},
		.enabled = enabled,
		.tiny = tiny,
		.port = port,
		.wide = wide,
		.mask = mask,
		.colour = colour,
		.only_uid_count = only_uid_count,
		.level = level,
		.others = debug_level + composite.member + compiled_in + hidden,
	};

	copy_names(&event);
	if (events_use_perf)
		bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
	else
		bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
