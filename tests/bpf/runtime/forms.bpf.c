// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every form that an event's member can have, and no relocation: one event with known values for
 * each exec.  It has no perf buffer.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_FORMS = 7,
	EVENT_WITHOUT_STRUCT,
};

#include "bpf/event.h"

enum colour { COLOUR_RED = 1, COLOUR_BLUE };

struct point {
	s16 x, y;
};

struct event_forms {
	struct event_header header FORMAT("inline");
	s32 negative;
	u64 largest;
	bool yes, no OMIT_EMPTY;
	enum colour colour, no_colour;
	char text[8], bad_text[8], empty_text[4] OMIT_EMPTY;
	u8 bytes[3];
	u16 flags FORMAT("hex");
	u8 ipv4[4] FORMAT("ipv4");
	u8 ipv6[16] FORMAT("ipv6");
	u64 took FORMAT("duration");
	struct point point, points[2];
	u32 numbers[3];
	struct {
		u8 anonymous;
	};
	u32 list_size FORMAT("hidden");
	char list[32] FORMAT("list:list_size");
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static struct event_forms known = {
	.header = { .event = EVENT_FORMS },
	.negative = -5,
	.largest = ~0ull,
	.yes = true,
	.colour = COLOUR_BLUE,
	.no_colour = 9,
	.text = "text",
	.bad_text = { 'a', '\xff', '\\', 'x', '\xc3', '\xa9', 0, 'z' },
	.bytes = { 0xde, 0xad, 0x01 },
	.flags = 0x8001,
	.ipv4 = { 192, 0, 2, 1 },
	.ipv6 = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
	.took = 1500000000,
	.point = { -1, 2 },
	.points = { { 3, 4 }, { 5, 6 } },
	.numbers = { 7, 8, 9 },
	.anonymous = 10,
	.list_size = 10,
	.list = "one\0two\0\0\0behind",
};

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	known.header.time = bpf_ktime_get_ns();
	known.header.size = sizeof(known);
	bpf_ringbuf_output(&events, &known, sizeof(known), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
