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

enum colour { COLOUR_RED = 1, COLOUR_BLUE, __MAX_COLOUR };

enum permission {
	PERMISSION_READ = 1,
	PERMISSION_WRITE = 2,
	PERMISSION_RUN = 4,
	PERMISSION_ALL = 7,
};

/* A type that only a tag names is in the BTF because of this. */
enum permission *permission_unused __attribute__((unused));

struct step {
	u32 pid;
	char comm[8];
};

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
	u64 changed FORMAT("realtime");
	data_loc word FORMAT("data_loc"), no_word FORMAT("data_loc") OMIT_EMPTY;
	data_loc words FORMAT("data_loc_list"), outside FORMAT("data_loc");
	struct point point, points[2];
	u32 numbers[3];
	struct {
		u8 anonymous;
	};
	u16 granted FORMAT("flags:permission"), odd FORMAT("flags:permission");
	u16 none FORMAT("flags:permission"), left_out FORMAT("flags:permission") OMIT_EMPTY;
	enum colour short_colour FORMAT("lower"), no_short_colour FORMAT("lower");
	enum colour colours[2] FORMAT("lower");
	u8 code FORMAT("enum:colour"), short_code FORMAT("enum:colour") FORMAT("lower");
	u32 three : 3, rest : 29;
	s32 minus : 5;
	u32 bits : 4 FORMAT("flags:permission");
	u64 all : 64;
	struct point no_point OMIT_EMPTY, no_points[2] OMIT_EMPTY;
	struct point some_point OMIT_EMPTY;
	u8 no_bytes[4] OMIT_EMPTY;
	struct point gone FORMAT("inline") OMIT_EMPTY;
	u32 no_steps_count FORMAT("hidden");
	struct step no_steps[2] FORMAT("list:no_steps_count") OMIT_EMPTY;
	u32 step_count FORMAT("hidden");
	struct step steps[4] FORMAT("list:step_count");
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
	.changed = 1700000000000000001,
	.word = 3 << 16 | __builtin_offsetof(struct event_forms, list),
	.words = 8 << 16 | __builtin_offsetof(struct event_forms, list),
	.outside = 4 << 16 | (sizeof(struct event_forms) - 3),
	.point = { -1, 2 },
	.points = { { 3, 4 }, { 5, 6 } },
	.numbers = { 7, 8, 9 },
	.anonymous = 10,
	.granted = PERMISSION_READ | PERMISSION_RUN,
	.odd = PERMISSION_WRITE | 0x50,
	.short_colour = COLOUR_BLUE,
	.no_short_colour = 9,
	.colours = { COLOUR_RED, COLOUR_BLUE },
	.code = COLOUR_RED,
	.short_code = COLOUR_RED,
	.three = 5,
	.rest = 0x1fffffff,
	.minus = -7,
	.bits = PERMISSION_WRITE,
	.all = ~0ull,
	.some_point = { 0, 1 },
	.no_steps = { { 9, "stale" } },
	.step_count = 2,
	.steps = { { 1, "init" }, { 7, "shell" }, { 9, "stale" } },
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
