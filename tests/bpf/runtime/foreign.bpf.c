// SPDX-License-Identifier: BSD-2-Clause
/*
 * An object as others write them: a ring buffer with a name of its own whose records are `struct
 * event`, without a header and without tags, which a pointer keeps in the BTF.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

struct event {
	int pid;
	union {
		u32 address_v4;
		u8 address_v6[16];
	};
	u32 state : 3, reason : 5;
	s8 nice : 4;
	unsigned long long exit_code;
	char comm[16];
};

const volatile int target_pid = 0;
const volatile bool short_records = false, long_records = false;

/* Somebody else's use of the name. */
struct event *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} rb SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	struct {
		struct event event;
		u64 behind;
	} record = {};
	struct event *event = &record.event;

	event->pid = bpf_get_current_pid_tgid() >> 32;
	if (target_pid && event->pid != target_pid)
		return 0;
	event->address_v4 = 0x0100007f;
	event->state = 5;
	event->reason = 17;
	event->nice = -3;
	event->exit_code = 1ull << 63;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (short_records)
		bpf_ringbuf_output(&rb, &record, 8, 0);
	else if (long_records)
		bpf_ringbuf_output(&rb, &record, sizeof(record), 0);
	else
		bpf_ringbuf_output(&rb, event, sizeof(*event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
