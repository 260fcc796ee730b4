// SPDX-License-Identifier: BSD-2-Clause
/*
 * FLOOD events at once for each program of one name that is executed: by their process and number
 * one can tell whether each came, and once.  It has both buffers, counts, and needs no BTF.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_DROP = 1,
};

#define EVENTS_SIZE (1024 * 1024)
#include "bpf/event_buffer.h"

enum { FLOOD = 1024, COMM_SIZE = 16 };

const volatile char program[COMM_SIZE] = "flood";

struct event_drop {
	struct event_header header FORMAT("inline");
	u32 pid;
	u32 number;
	char text[40];
};

/* Not on the stack only, so that its type is in the object's BTF. */
static volatile struct event_drop known = {
	.header = { .event = EVENT_DROP, .size = sizeof(struct event_drop) },
};

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct event_drop drop = known;
	int i;

	bpf_get_current_comm(drop.text, COMM_SIZE);
	for (i = 0; i < COMM_SIZE; i++)
		if (drop.text[i] != program[i])
			return 0;
	drop.header.time = bpf_ktime_get_ns();
	drop.pid = bpf_get_current_pid_tgid() >> 32;
#pragma clang loop unroll(disable)
	for (i = 0; i < FLOOD; i++) {
		drop.number = i;
		send_event(ctx, &drop, sizeof(drop));
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
