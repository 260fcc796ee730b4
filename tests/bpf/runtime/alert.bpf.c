// SPDX-License-Identifier: BSD-2-Clause
/* An event and an alert for each exec, with all that must not reach a terminal as it is. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_PLAIN = 1,
	EVENT_ALERT,
};

#include "bpf/event.h"

enum severity { SEVERITY_LOW = 1, SEVERITY_HIGH };

struct event_plain {
	struct event_header header FORMAT("inline");
	u32 pid, uid;
	char comm[16];
	char text[32];
	char longer[200];
	u32 list_size FORMAT("hidden");
	char list[16] FORMAT("list:list_size");
};

struct event_alert {
	struct event_header header FORMAT("inline");
	u32 pid, uid;
	char comm[16];
	enum severity severity FORMAT("lower");
	char text[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static struct event_plain plain = {
	.header = { .event = EVENT_PLAIN, .size = sizeof(plain) },
	.text = "\x1b[31mred\x9b" "1m\xc2\x9b" "2m\x07\r\n\x7f\xe2\x80\xae",
	.longer = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
		  "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
	.list_size = 9,
	.list = "a\0b c\0\0d",
};

static struct event_alert alert = {
	.header = { .event = EVENT_ALERT, .size = sizeof(alert) },
	.severity = SEVERITY_HIGH,
	.text = "caf\xc3\xa9",
};

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	plain.pid = alert.pid = bpf_get_current_pid_tgid() >> 32;
	plain.header.time = alert.header.time = bpf_ktime_get_ns();
	plain.uid = alert.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(plain.comm, sizeof(plain.comm));
	bpf_get_current_comm(alert.comm, sizeof(alert.comm));
	bpf_ringbuf_output(&events, &plain, sizeof(plain), 0);
	bpf_ringbuf_output(&events, &alert, sizeof(alert), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
