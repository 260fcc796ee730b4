// SPDX-License-Identifier: BSD-2-Clause
/* A map of a type that no kernel has. */
#include "subject.h"

struct {
	__uint(type, 999);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} strange SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&strange, &key) != NULL;
}
