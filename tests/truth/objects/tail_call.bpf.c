// SPDX-License-Identifier: BSD-2-Clause
/* A program that jumps to others through a map. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} jumps SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	bpf_tail_call(ctx, &jumps, 1);
	return 0;
}
